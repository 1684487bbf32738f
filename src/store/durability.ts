/** How far a message has got when its sender is told. */

/**
 * - `disk`: fdatasync(2) has returned for it.
 * - `os`: it is written, and the kernel has it. Whatever dies, it is in the file; it may not be after the power was cut, or the kernel died.
 * - `replicated`: a cluster has it: the stream of a `nats:` sink has answered that it does.
 */
export const DURABILITIES = ['disk', 'os', 'replicated'] as const

export type Durability = (typeof DURABILITIES)[number]
