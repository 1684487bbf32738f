/** Traced: signals, alarms, sleeping. A handler says when it is called. */

import { signalName } from '../../libc/signal.js'
import * as posix from '../index.js'
import { flagsValue } from './notation.js'
import { say, traced } from './traced.js'

const { SA_NOCLDSTOP, SA_NOCLDWAIT, SA_NODEFER, SA_RESETHAND, SA_RESTART, SA_SIGINFO } = posix
const actionFlags = { SA_NOCLDSTOP, SA_NOCLDWAIT, SA_NODEFER, SA_RESETHAND, SA_RESTART, SA_SIGINFO }

type Handler = (signal: number, info: never) => void

/** The program's own handler of each one that announces itself, so that it gets back what it gave. */
const originals = new WeakMap<Handler, Handler>()
const announcing = new WeakMap<Handler, Handler>()

function announced(handler: Handler): Handler {
  const known = announcing.get(handler)
  if (known !== undefined) return known
  const announcer: Handler = (signal, info) => {
    say(`--- ${signalName(signal)}: ${nameOf(handler)}() ---`)
    handler(signal, info)
  }
  announcing.set(handler, announcer)
  originals.set(announcer, handler)
  return announcer
}

const wrapped = <Value>(value: Value): Value =>
  typeof value === 'function' ? (announced(value as unknown as Handler) as unknown as Value) : value
const unwrapped = <Value>(value: Value): Value =>
  typeof value === 'function' ? ((originals.get(value as unknown as Handler) ?? value) as unknown as Value) : value

function nameOf(value: unknown): string {
  if (typeof value === 'function') return value.name || 'handler'
  if (value === posix.SIG_DFL) return 'SIG_DFL'
  return value === posix.SIG_IGN ? 'SIG_IGN' : String(value)
}

export const signal = traced(
  'signal',
  (number: number, handler: posix.Disposition) => unwrapped(posix.signal(number, wrapped(handler))),
  { given: (number, handler) => [signalName(number), nameOf(handler)], result: nameOf },
)

function wrapAction(act: posix.Sigaction): posix.Sigaction {
  const copy = { ...act }
  if (copy.sa_handler !== undefined) copy.sa_handler = wrapped(copy.sa_handler)
  if (copy.sa_sigaction !== undefined) copy.sa_sigaction = wrapped(copy.sa_sigaction)
  return copy
}

function unwrapAction(act: posix.Sigaction): posix.Sigaction {
  const copy = { ...act }
  if (copy.sa_handler !== undefined) copy.sa_handler = unwrapped(copy.sa_handler)
  if (copy.sa_sigaction !== undefined) copy.sa_sigaction = unwrapped(copy.sa_sigaction)
  return copy
}

const setOf = (mask: posix.Signals = []): string =>
  `[${(mask instanceof Uint8Array ? posix.sigsetMembers(mask as posix.SigSet) : [...mask]).map(signalName).join(', ')}]`

function actionOf({ sa_handler, sa_sigaction, sa_mask, sa_flags = 0 }: posix.Sigaction): string {
  const flags = `sa_flags=${flagsValue(sa_flags, actionFlags)}`
  const handler =
    sa_flags & SA_SIGINFO ? `sa_sigaction=${nameOf(sa_sigaction)}` : `sa_handler=${nameOf(sa_handler ?? posix.SIG_DFL)}`
  return `{${handler}, sa_mask=${setOf(sa_mask)}, ${flags}}`
}

export const sigaction = traced(
  'sigaction',
  (number: number, act?: posix.Sigaction | null | 0, oldact?: posix.Sigaction | null | 0) => {
    const before = unwrapAction(posix.sigaction(number, act && wrapAction(act), oldact))
    if (oldact) Object.assign(oldact, before)
    return before
  },
  {
    given: (number, act) => [signalName(number), act ? actionOf(act) : 'NULL'],
    filled: (before, _args, given) => [...given, actionOf(before)],
    result: () => '0',
  },
)

export const raise = traced('raise', posix.raise, { given: (number) => [signalName(number)] })
export const sigqueue = traced('sigqueue', posix.sigqueue, {
  given: (pid, number, value) => [String(pid), signalName(number), String(value)],
  result: (there) => (there ? '0' : '-1 ESRCH'),
})
export const sigprocmask = traced('sigprocmask', posix.sigprocmask, {
  given: (how, set) => [['SIG_BLOCK', 'SIG_UNBLOCK', 'SIG_SETMASK'][how] ?? String(how), set ? setOf(set) : 'NULL'],
  filled: (before, _args, given) => [...given, setOf(before)],
})
export const sigpending = traced('sigpending', posix.sigpending, { filled: (set) => [setOf(set)] })
export const sigsuspend = traced('sigsuspend', posix.sigsuspend, {
  given: (mask) => [setOf(mask)],
  result: () => '-1 EINTR',
})
export const sigwait = traced('sigwait', posix.sigwait, { given: (set) => [setOf(set)], result: signalName })
export const sigwaitinfo = traced('sigwaitinfo', posix.sigwaitinfo, {
  given: (set) => [setOf(set)],
  result: ({ si_signo }) => signalName(si_signo),
})
export const sigtimedwait = traced('sigtimedwait', posix.sigtimedwait, {
  result: (info) => (info === undefined ? '-1 EAGAIN' : signalName(info.si_signo)),
})
export const alarm = traced('alarm', posix.alarm)
export const setitimer = traced('setitimer', posix.setitimer)
export const getitimer = traced('getitimer', posix.getitimer)
export const sleep = traced('sleep', posix.sleep)
export const usleep = traced('usleep', posix.usleep, { result: (whole) => (whole ? '0' : '-1 EINTR') })
export const nanosleep = traced('nanosleep', posix.nanosleep, {
  result: (left) => (left === undefined ? '0' : '-1 EINTR'),
})
export const pause = traced('pause', posix.pause, { result: () => '-1 EINTR' })
