/** The service process of the store: brings the file into order, then runs the writer until it is told to end. */
import { SIGTERM } from '../posix/constants.js'
import { PosixError } from '../posix/posix-error.js'
import { _exit, kill } from '../posix/process.js'
import { blockSignals, signalfd, sigset } from '../posix/signal.js'
import { sendLine } from '../process/channel.js'
import { EXIT } from '../process/exit-words.js'
import { startAfterFork } from '../process/way.js'
import type { Channels } from './channels.js'
import type { Format } from './format.js'
import type { Journal, Untold } from './journal.js'
import { type Recovered, recover } from './recovery.js'
import type { StoreFile } from './store-file.js'
import { Writer } from './writer.js'

export interface WriterSetup {
  channels: Channels
  file: StoreFile
  format: Format
  journal: Journal
  run: string
  maxBatchMessages: number
}

/** Runs in the forked process. @param report where the supervisor listens */
export function writerMain(setup: WriterSetup, report: number): never {
  const log = (level: 'info' | 'warn', message: string): void => sendLine(report, { type: 'log', level, message })
  const end = signalfd(sigset([SIGTERM]))
  blockSignals(sigset([SIGTERM])) // told to end, it first writes what it was sent
  startAfterFork(1) // it runs long: V8 may optimise it
  try {
    const { file, format, journal } = setup
    const { seq, untold } = begin(file, format, journal, log)
    const failed: Throttle = { untilMs: 0 }
    const writer = new Writer({
      ...setup,
      seq,
      untold,
      failed: ({ error }) => {
        if (passed(failed)) log('warn', `not stored, and its senders were told: ${error?.message}`)
      },
    })
    sendLine(report, { type: 'ready' })
    if (writer.run(end)) _exit(EXIT.ok)
    log('warn', 'a sync failed: the file is looked at anew')
  } catch (error) {
    sendLine(report, { type: 'failed', message: (error as Error).message, exitCode: EXIT.system })
  }
  return _exit(EXIT.system)
}

/** Puts the file into order, and learns from the journal what a killed writer left. */
function begin(
  file: StoreFile,
  format: Format,
  journal: Journal,
  log: (level: 'info' | 'warn', message: string) => void,
): { seq: number; untold: Map<number, Untold> } {
  const length = file.length()
  const whole = journal.wholeLength(length)
  if (whole !== undefined && whole < length) {
    file.truncate(whole)
    log('info', `cut ${length - whole} bytes that the last writer had not finished; their senders send them again`)
  }
  const { seq, note } = recoverOrDistrust(file, format, journal)
  if (note !== undefined) log('warn', `${file.path}: ${note}`)
  return { seq, untold: journal.takeOver(file.length(), (pid) => kill(pid, 0)) }
}

function recoverOrDistrust(file: StoreFile, format: Format, journal: Journal): Recovered {
  try {
    return recover(file, format)
  } catch (error) {
    if (error instanceof PosixError && error.syscall === 'fdatasync') journal.fail()
    throw error
  }
}

/** A full disk fails every batch: one line a second is enough. */
interface Throttle {
  untilMs: number
}

function passed(throttle: Throttle): boolean {
  const now = performance.now()
  if (now < throttle.untilMs) return false
  throttle.untilMs = now + 1000
  return true
}
