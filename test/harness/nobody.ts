/** Servers of a user who has no privileges: limits on processes do not hold for root. */
import { spawnSync } from 'node:child_process'

const installed = (program: string): boolean => spawnSync(program, ['--version']).status === 0

/** Why limits of a running process cannot be changed; false when they can. */
export const noPrlimit: string | false = installed('prlimit') ? false : 'prlimit(1) is not installed'

// what is left to nobody is the right to read this checkout, be it in /root
const rights = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override']

/** A nobody of this test file's own: processes are counted by user. */
export const uid = 61_000 + (process.pid % 4000)

/** To be put before a command. */
export const asNobody: readonly string[] = ['setpriv', `--reuid=${uid}`, '--regid=65534', '--clear-groups', ...rights]

const canBeNobody = spawnSync('setpriv', [...asNobody.slice(1), 'true']).status === 0

/** Why there cannot be a server of nobody's; false when there can. */
export const noNobody: string | false = canBeNobody
  ? noPrlimit
  : 'only root can become nobody, with setpriv(1) and its rights'
