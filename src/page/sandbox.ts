/** What a process may not do, and what signals do to it. proc_pid_status(5), proc_pid_limits(5) */
import { signalName } from '../libc/signal.js'
import { signalsIn } from '../observe/process.js'
import { type Refused, readFileOf } from '../observe/read.js'
import type { LimitShot, ProcessDetails } from './shapes.js'

const LIMITS = ['Max open files', 'Max processes', 'Max address space', 'Max locked memory', 'Max core file size']
const SECCOMP = ['none', 'strict', 'filter']

function limitsOf(text: string): LimitShot[] {
  return LIMITS.flatMap((name) => {
    const [, soft, hard] = new RegExp(`^${name}\\s+(\\S+)\\s+(\\S+)`, 'm').exec(text) ?? []
    return soft === undefined || hard === undefined ? [] : [{ name: name.replace('Max ', ''), soft, hard }]
  })
}

export function sandboxOf(pid: number, refused: Refused): Pick<ProcessDetails, 'signals' | 'limits' | 'sandbox'> {
  const status = readFileOf(pid, 'status', refused) ?? ''
  const field = (name: string): string | undefined => new RegExp(`^${name}:\\s*(\\S+)`, 'm').exec(status)?.[1]
  const signals = (name: string): string[] => signalsIn(field(name)).map(signalName)
  return {
    signals: {
      pending: [...signals('ShdPnd'), ...signals('SigPnd')],
      blocked: signals('SigBlk'),
      ignored: signals('SigIgn'),
      caught: signals('SigCgt'),
    },
    limits: limitsOf(readFileOf(pid, 'limits', refused) ?? ''),
    sandbox: {
      uid: Number(field('Uid') ?? -1),
      noNewPrivileges: field('NoNewPrivs') === '1',
      systemCallFilter: SECCOMP[Number(field('Seccomp'))] ?? 'none',
      capabilities: field('CapEff')?.replace(/^0+(?=.)/, '') ?? '0',
    },
  }
}
