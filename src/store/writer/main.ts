/** The service process of the store: brings the file into order, then runs the writer until it is told to end. */
import { onlyOnce, roomForLong, whenRoom } from '../../fork/room.js'
import { startAfterFork } from '../../fork/way.js'
import { EIO, RLIMIT_NOFILE, SIGTERM } from '../../libc/constants.js'
import { hasInput } from '../../libc/poll.js'
import { PosixError } from '../../libc/posix-error.js'
import type { PrivateMemory } from '../../libc/private-memory.js'
import { _exit } from '../../libc/process.js'
import { getrlimit } from '../../libc/resource.js'
import { blockSignals, signalfd, sigset } from '../../libc/signal.js'
import { sendLine } from '../../supervisor/channel.js'
import { EXIT } from '../../supervisor/exit-status.js'
import type { Channels } from '../channels.js'
import type { Durability } from '../durability.js'
import { FamilyReader } from '../family.js'
import { StoreError } from '../file/store-error.js'
import { timedOnBoard } from '../file/timed-on-board.js'
import type { Sink, WritableSink } from '../sinks/sink.js'
import type { Tell } from '../tell.js'
import { notStored, STORING_AGAIN, untilRoom, type WhenFull } from '../when-full.js'
import type { Owed } from './batch.js'
import { Journal } from './journal.js'
import { JOURNAL_BYTES } from './journal-layout.js'
import { type TakenOver, takeOver, takeOverNothing } from './take-over.js'
import { Writer } from './writer.js'

const EPISODE_MS = 5000

const openFiles = (): number => getrlimit(RLIMIT_NOFILE).soft

export interface WriterSetup {
  channels: Channels
  sink: Sink
  /** Has the journal at its beginning, and then who is who. */
  memory: PrivateMemory
  run: string
  maxBatchMessages: number
  maxMessageBytes: number
  durability: Durability
  whenFull: WhenFull
}

/** Runs in the forked process. @param report where the supervisor listens */
export function writerMain(setup: WriterSetup, report: number): never {
  const log: Tell = (level, message) => sendLine(report, { type: 'log', level, message })
  const short = onlyOnce((refusal) => log('warn', `waits for what it needs: ${refusal().message}`))
  // told to end, it first writes what it was sent; blocked in its threads too, any of which the kernel may pick
  blockSignals(sigset([SIGTERM]))
  const end = signalfd(sigset([SIGTERM]))
  // it runs long: V8 may optimise it
  whenRoom(roomForLong(), short, () => startAfterFork(1))
  try {
    const memory = setup.memory.map()
    const journal = new Journal(memory.subarray(0, JOURNAL_BYTES))
    const family = new FamilyReader(memory, JOURNAL_BYTES)
    const file = setup.sink.openForWriting()
    const timed = timedOnBoard(file)
    const backOff = untilRoom()
    let owed: readonly Owed[] = []
    let began = false
    for (;;) {
      const beginning = begin(setup, journal, file, log)
      if (setup.whenFull === 'wait' && beginning.refusal !== undefined) {
        if (hasInput(end, backOff.failed())) leave(owed, log)
        continue
      }
      const writer = new Writer({
        ...setup,
        format: setup.sink.layout,
        ...beginning,
        owed,
        file: timed,
        journal,
        ...(file.tend !== undefined && { tend: (left) => file.tend?.(left, log) ?? left }),
        who: (pid) => family.who(pid),
        dismissed: tellOfDismissed(log),
        starved: tellOfStarving(log),
        outcome({ error }, lost) {
          tell(setup.whenFull, journal, error, log)
          tellOfLost(lost, log)
          if (error === undefined) backOff.succeeded()
        },
      })
      if (!began) sendLine(report, { type: 'ready' })
      began = true
      if (writer.run(end)) {
        file.close()
        leave(writer.owed(), log)
      }
      owed = writer.owed()
      // senders register anew
      writer.close()
      if (setup.whenFull === 'wait' && journal.isFailing && hasInput(end, backOff.failed())) leave(owed, log)
    }
  } catch (error) {
    sendLine(report, { type: 'failed', message: (error as Error).message, exitCode: EXIT.system })
  }
  return _exit(EXIT.system)
}

/**
 * What the writer begins with. A file that cannot be used keeps the server from starting; later, senders are told.
 *
 * @throws {StoreError} {PosixError}
 */
function begin(
  { whenFull }: WriterSetup,
  journal: Journal,
  file: WritableSink,
  log: Tell,
): TakenOver & { refusal?: PosixError } {
  try {
    const taken = takeOver(file, journal, log)
    journal.begin()
    return taken
  } catch (error) {
    if (!journal.begun || !(error instanceof PosixError || error instanceof StoreError)) throw error
    tell(whenFull, journal, error, log)
    const refusal = error instanceof PosixError ? error : new PosixError(EIO, 'recover', { path: file.path })
    return { ...takeOverNothing(journal), refusal }
  }
}

/** That nothing is stored is said once, and then that it is again. */
function tell(whenFull: WhenFull, journal: Journal, error: Error | undefined, log: Tell): void {
  if (!journal.failing(error !== undefined)) return
  if (error === undefined) log('info', STORING_AGAIN)
  else log('warn', notStored(whenFull, error))
}

function leave(owed: readonly Owed[], log: Tell): never {
  tellOfLost(owed.length, log)
  return _exit(EXIT.ok)
}

function tellOfLost(count: number, log: Tell): void {
  if (count > 0) log('warn', `${count} messages are not stored, although their senders were told that they would be`)
}

/** One that does it again and again does not fill the log. */
function tellOfDismissed(log: Tell): (pid: number, reason: string) => void {
  let lastMs = Number.NEGATIVE_INFINITY
  return (pid, reason) => {
    const now = performance.now()
    if (now - lastMs > EPISODE_MS) log('warn', `process ${pid} is sent away, and others that do the like: ${reason}`)
    lastMs = now
  }
}

/** Said once for as long as it goes on, with breaks that are too short to tell of. */
function tellOfStarving(log: Tell): (starving: boolean) => void {
  let lastMs = Number.NEGATIVE_INFINITY
  return (starving) => {
    const now = performance.now()
    if (starving && now - lastMs > EPISODE_MS)
      log('warn', `no descriptor is left for further senders, whose messages wait (ulimit -n is ${openFiles()})`)
    lastMs = now
  }
}
