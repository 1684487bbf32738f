/** What `tined ps --json` prints: docs/ps.md lists the fields. */

import { printable } from '../../libc/printable.js'
import { signalName } from '../../libc/signal.js'
import type { End, SentSignal, TimesTaken } from '../../observe/board-head.js'
import type { Ledger } from '../../observe/ledger.js'
import { percentileMs } from '../../observe/percentile.js'
import type { ProcessView, ServerView } from '../../observe/server-view.js'
import type { Finding } from '../../observe/warnings.js'
import { describeExit } from '../../supervisor/exit-status.js'

const isoOf = (ms: number): string => new Date(ms).toISOString()

function processFacts(process: ProcessView, ledger: Ledger | undefined): object {
  const { startedMs, name, title, memory, depth: _depth, onBoard, serves, client, ...facts } = process
  return {
    ...facts,
    client: client === undefined ? undefined : printable(client),
    name: printable(name),
    title: printable(title),
    started: isoOf(startedMs),
    onScoreboard: onBoard,
    pssBytes: memory?.pssBytes,
    ownBytes: memory?.ownBytes,
    serves: serves.map(({ startedMs: since, ...served }) => ({ ...served, started: isoOf(since) })),
    descriptors: ledger?.get(process.pid),
  }
}

const endFacts = ({ pid, role, id, status, startedMs, endedMs }: End): object => ({
  ...{ pid, role, id, status },
  reason: describeExit(status),
  ended: isoOf(endedMs),
  livedMs: endedMs - startedMs,
})

const signalFacts = ({ signal, from, to, sentMs }: SentSignal): object => ({
  signal: signalName(signal),
  ...{ from, to },
  sent: isoOf(sentMs),
})

const answerFacts = ({ count, buckets }: TimesTaken): object => ({
  count,
  medianMs: percentileMs(buckets, 0.5),
  p99Ms: percentileMs(buckets, 0.99),
})

export const serverFacts = (view: ServerView, warnings: readonly Finding[], ledger?: Ledger): object => ({
  ...{
    root: view.root,
    launcher: view.launcher,
    supervisor: view.supervisor,
    listening: view.listening.map(printable),
  },
  scoreboard: view.supervisor === undefined ? undefined : view.boardless === undefined,
  scoreboardMissing: view.boardless,
  unreadable: [...view.refused],
  processes: view.processes.map((process) => processFacts(process, ledger)),
  lastEnds: view.ends.map(endFacts),
  lastSignals: view.signals.map(signalFacts),
  answers: view.answerTimes && answerFacts(view.answerTimes),
  warnings: warnings.map(({ kind, pid, text }) => ({ kind, pid, text: printable(text) })),
})
