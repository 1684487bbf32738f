/** How far a message has got when its sender is told. */

/**
 * From weak to strong:
 *
 * - `memory`: the writer has it. It is written as soon as the writer comes to it, whatever happens to who has sent it; it is lost when
 *   the writer is killed before, or when it cannot be written.
 * - `os`: it is written, and the kernel has it. Whatever dies, it is in the file; it may not be after the power was cut, or the kernel died.
 * - `disk`: fdatasync(2) has returned for it.
 * - `replicated`: it is on disk, and a cluster has it: the stream of a `nats:` sink has answered that it does.
 */
export const DURABILITIES = ['memory', 'os', 'disk', 'replicated'] as const

export type Durability = (typeof DURABILITIES)[number]

/** On the wire: the place in the order, from 1 on; 0 for none. */
export const durabilityCode = (durability: Durability | undefined): number =>
  durability === undefined ? 0 : DURABILITIES.indexOf(durability) + 1

/** Undefined for the code of none. */
export const durabilityOf = (code: number): Durability | undefined => DURABILITIES[code - 1]

/** Codes that the commit of a batch compares. */
export const MEMORY = durabilityCode('memory')
export const OS = durabilityCode('os')
export const DISK = durabilityCode('disk')
export const REPLICATED = durabilityCode('replicated')
