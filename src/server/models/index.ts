/** All models. One more is a file and a line here. */
import { forkModel } from './fork/model.js'
import type { ModelDefinition } from './model.js'
import { multiplexModel } from './multiplex/model.js'
import { preforkModel } from './prefork/model.js'
import { singleModel } from './single.js'

export const models = {
  single: singleModel,
  fork: forkModel,
  prefork: preforkModel,
  multiplex: multiplexModel,
} satisfies Record<string, ModelDefinition>

export type Model = keyof typeof models
