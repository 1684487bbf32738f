/** The names of the models. */

export const MODELS = ['single', 'fork', 'multiplex'] as const
export type Model = (typeof MODELS)[number]
