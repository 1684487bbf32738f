/** The names of the models: those that there are. */
import { type Model, models } from '../models/index.js'

export type { Model }
export const MODELS = Object.keys(models) as readonly Model[]
