/** The forwarder as a service of the supervisor's. */
import { fileURLToPath } from 'node:url'
import { execNode } from '../../fork/exec-node.js'
import { SIGKILL } from '../../libc/constants.js'
import { _exit, getppid, setParentDeathSignal } from '../../libc/process.js'
import { EXIT } from '../../supervisor/exit-status.js'
import type { Service } from '../../supervisor/services.js'
import { FORWARDER, type ForwarderSetup } from './forwarder-setup.js'

/** Beside this file, be it compiled or bundled. */
const PROGRAM = fileURLToPath(new URL('./forwarder.js', import.meta.url))

export const forwarderService = (setup: Omit<ForwarderSetup, 'report'>): Service => ({
  role: 'forwarder',
  // executing a program closes all that it is not given
  close: [],
  main(report) {
    const parent = getppid()
    // whatever it was about to do, the next one does
    setParentDeathSignal(SIGKILL)
    if (getppid() !== parent) _exit(EXIT.system)
    const told: ForwarderSetup = { ...setup, report }
    process.env[FORWARDER] = JSON.stringify(told)
    execNode([PROGRAM], [setup.memory, setup.bell, report])
  },
})
