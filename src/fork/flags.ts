/** The flags with which Node gives V8 no threads: way `flags` of src/fork/way.ts. */

export const FLAGS = ['--single-threaded', '--v8-pool-size=1']

export const startedWithFlags = (): boolean => FLAGS.every((flag) => process.execArgv.includes(flag))

/** How many threads `startAfterFork` makes: its own, and one for V8's delayed tasks. */
export const v8Threads = (threads: number): number => (startedWithFlags() ? 0 : threads + 1)
