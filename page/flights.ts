/** Signals that were sent between one look and the next: each travels once. */
import type { EndShot, ServerShot } from '../src/page/shapes.ts'

export interface Flight {
  key: string
  signal: string
  /** Pids; 0 for one that is not known. */
  from: number
  to: number
  sentMs: number
  /** Whether it is what another one has led to, and comes after that. */
  isAnswer: boolean
}

/** Of more only the newest are drawn. */
const MOST = 60

const signalOf = ({ reason }: EndShot): string | undefined => /^killed by (\S+?),?(?: |$)/.exec(reason)?.[1]

/** Ends that the look before had not seen, as far as they are among the last ones. */
export function newEnds(before: ServerShot, { ends }: ServerShot): EndShot[] {
  const known = new Set(before.ends.map(({ pid, endedMs }) => `${pid} ${endedMs}`))
  return ends.filter(({ pid, endedMs }) => !known.has(`${pid} ${endedMs}`))
}

/** By the supervisor and to it; those that ended a process, whoever has sent them; and SIGCHLD of each end. */
export function flightsBetween(before: ServerShot, now: ServerShot): Flight[] {
  const known = before.signals[0]?.number ?? 0
  const sent = now.signals
    .filter(({ number }) => number > known)
    .map(({ number, signal, from, to, sentMs }) => ({ key: `${number}`, signal, from, to, sentMs, isAnswer: false }))
  const ends = newEnds(before, now).flatMap((end): Flight[] => {
    const { pid, endedMs } = end
    const signal = signalOf(end)
    const isKnown = signal === undefined || now.signals.some((each) => each.to === pid && each.signal === signal)
    const killed = {
      key: `${pid} ${endedMs}`,
      signal: signal ?? '',
      from: 0,
      to: pid,
      sentMs: endedMs,
      isAnswer: false,
    }
    const told = { key: `${pid} ${endedMs} told`, signal: 'SIGCHLD', from: pid, to: now.supervisor ?? 0 }
    return [...(isKnown ? [] : [killed]), { ...told, sentMs: endedMs, isAnswer: true }]
  })
  return [...sent, ...ends].slice(0, MOST)
}
