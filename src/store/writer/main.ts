/** The service process of the store: brings the file into order, then runs the writer until it is told to end. */

import { type NoRoom, roomForLong, whenRoom } from '../../fork/room.js'
import { startAfterFork } from '../../fork/way.js'
import { RLIMIT_NOFILE, SIGTERM } from '../../libc/constants.js'
import { _exit } from '../../libc/process.js'
import { getrlimit } from '../../libc/resource.js'
import { blockSignals, signalfd, sigset } from '../../libc/signal.js'
import { sendLine } from '../../supervisor/channel.js'
import { EXIT } from '../../supervisor/exit-status.js'
import type { Channels } from '../channels.js'
import type { Format } from '../file/format.js'
import type { StoreFile } from '../file/store-file.js'
import type { Journal } from './journal.js'
import { takeOver } from './take-over.js'
import { Writer } from './writer.js'

const EPISODE_MS = 5000

const openFiles = (): number => getrlimit(RLIMIT_NOFILE).soft

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
  let said = false
  const short = (refusal: () => NoRoom): void => {
    if (!said) log('warn', `waits for what it needs: ${refusal().message}`)
    said = true
  }
  // it runs long: V8 may optimise it
  whenRoom(roomForLong(), short, () => startAfterFork(1))
  const end = signalfd(sigset([SIGTERM]))
  blockSignals(sigset([SIGTERM])) // told to end, it first writes what it was sent
  try {
    const { file, format, journal } = setup
    const { seq, untold } = takeOver(file, format, journal, log)
    const failed: Throttle = { untilMs: 0 }
    const writer = new Writer({
      ...setup,
      seq,
      untold,
      starved: tellOfStarving(log),
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

/** Said once for as long as it goes on, with breaks that are too short to tell of. */
function tellOfStarving(log: (level: 'info' | 'warn', message: string) => void): (starving: boolean) => void {
  let lastMs = Number.NEGATIVE_INFINITY
  return (starving) => {
    const now = performance.now()
    if (starving && now - lastMs > EPISODE_MS)
      log('warn', `no descriptor is left for further senders, whose messages wait (ulimit -n is ${openFiles()})`)
    lastMs = now
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
