/** What V8 does of itself when a process has nothing to do. */
import { setFlagsFromString } from 'node:v8'
import { startedWith } from './v8-flags.js'

const [major] = process.versions.node.split('.').map(Number)
/** Node 22 and 24 mark C++ objects in tasks all the same, unless all marking in steps is off. */
const FLAG = major === 22 || major === 24 ? 'incremental-marking' : 'incremental-marking-task'

/**
 * Whether V8 marks its heap while the process is idle, as it does by default. Eight seconds after a collection it looks for more
 * garbage, in hundreds of tasks of Node's loop with four system calls each. What is allocated is collected in either case.
 */
export function markWhenIdle(on: boolean): void {
  const off = `--no-${FLAG}`
  if (!startedWith(off)) setFlagsFromString(on ? `--${FLAG}` : off)
}
