/** How far a message has got when its sender is told. */

/**
 * - `disk`: fdatasync(2) has returned for it.
 * - `os`: it is written, and the kernel has it. Whatever dies, it is in the file; it may not be after the power was cut, or the kernel died.
 */
export const DURABILITIES = ['disk', 'os'] as const

export type Durability = (typeof DURABILITIES)[number]
