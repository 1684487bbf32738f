/** Programs under a filter of system calls, as containers have them: what is filtered is refused. seccomp(2) */
import { spawnSync } from 'node:child_process'

type Call = 'memfd_create' | 'userfaultfd' | 'close_range' | 'kcmp' | 'pidfd_open'

/** Their numbers: x86-64, and the generic ones of arm64. */
const NUMBERS: Record<Call, number> =
  process.arch === 'arm64'
    ? { memfd_create: 279, userfaultfd: 282, close_range: 436, kcmp: 272, pidfd_open: 434 }
    : { memfd_create: 319, userfaultfd: 323, close_range: 436, kcmp: 312, pidfd_open: 434 }

export const FILTERED = Object.keys(NUMBERS) as Call[]

/** What containers answer, and what kernels that lack the call do. */
export const REFUSALS = { EPERM: 1, ENOSYS: 38 } as const

/** Arguments: the errno, the calls separated by commas, and the command. PR_SET_NO_NEW_PRIVS(2const), PR_SET_SECCOMP(2const) */
const SCRIPT = `
import ctypes, os, struct, sys
errno, calls = int(sys.argv[1]), [int(call) for call in sys.argv[2].split(',')]
one = lambda code, jt, jf, k: struct.pack('HBBI', code, jt, jf, k)
program = one(0x20, 0, 0, 0)
for left, call in zip(range(len(calls), 0, -1), calls): program += one(0x15, left, 0, call)
program += one(0x06, 0, 0, 0x7fff0000) + one(0x06, 0, 0, 0x00050000 | errno)
held = ctypes.create_string_buffer(program)
header = ctypes.create_string_buffer(struct.pack('HxxxxxxP', len(program) // 8, ctypes.addressof(held)))
libc = ctypes.CDLL(None, use_errno=True)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, header, 0, 0): sys.exit('no filter: ' + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[3], sys.argv[3:])
`

/** To be put before a command. */
export const under = (calls: readonly Call[], refusal: keyof typeof REFUSALS): string[] => [
  ...['python3', '-c', SCRIPT, `${REFUSALS[refusal]}`],
  calls.map((call) => NUMBERS[call]).join(','),
]

const tried = spawnSync('python3', [...under(FILTERED, 'EPERM').slice(1), 'true'], { encoding: 'utf8' })

/** Why there can be no filter here; false when there can. */
export const noFilter: string | false =
  tried.status === 0 ? false : `no filter of system calls by python3: ${tried.error?.message ?? tried.stderr.trim()}`
