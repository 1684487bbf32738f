/** Numbers that must not be mistaken for one another. The brand exists for the compiler only. */
declare const kind: unique symbol
declare const waits: unique symbol

/** A descriptor, as a call returned it. */
export type Fd = number & { readonly [kind]: 'descriptor' }
/**
 * A descriptor that was made without O_NONBLOCK: a call on it waits, so there is always something to return. Who makes it non-blocking
 * later, by `setNonBlocking` or F_SETFL, or gives it a time-out by SO_RCVTIMEO, holds it as an `Fd`.
 */
export type BlockingFd = Fd & { readonly [waits]: true }
/** A process id, as a call returned it. */
export type Pid = number & { readonly [kind]: 'process' }

/** What stands for a descriptor in an argument: an `Fd` or a plain number such as 0, never a `Pid`. */
export type FdArgument = number & { readonly [kind]?: 'descriptor' }
/** What stands for a process in an argument: a `Pid` or a plain number such as -1, never an `Fd`. */
export type PidArgument = number & { readonly [kind]?: 'process' }
