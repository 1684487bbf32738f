/** What only makes it faster is left out where the system refuses it: for want of something, or by a filter of system calls. */

const isRefusal = (error: unknown): boolean => error instanceof Error && 'errno' in error && 'syscall' in error

/** Runs `act`, which cleans up behind itself; reports whether the system let it. */
export function unlessRefused(act: () => void): boolean {
  try {
    act()
    return true
  } catch (error) {
    if (!isRefusal(error)) throw error
    return false
  }
}
