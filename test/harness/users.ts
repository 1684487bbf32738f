/** Programs as other users, where the tests run as root. */
import { spawnSync } from 'node:child_process'

export const installed = (program: string): boolean => spawnSync(program, ['--version']).status === 0

/** What is left to nobody is the right to read this checkout, be it in /root. */
const rights = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override']
export const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', ...rights]

/** Why there can be no nobody; false where there can. */
export const noNobody: string | false =
  spawnSync('setpriv', [...asNobody.slice(1), 'true']).status === 0
    ? false
    : 'only root can become nobody, with setpriv(1) and its rights'

export const notRoot: string | false = process.getuid?.() === 0 ? false : 'only root can become another user'
