/** `--page` of a server command: a `tined page` beside the server, for as long as that runs. */
import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import { childrenOf } from '../fork/kin.js'
import { WNOHANG } from '../libc/constants.js'
import { getpid, waitpid } from '../libc/process.js'
import { tell } from './output.js'
import { packageRoot } from './package-root.js'

const FLAG = '--page'
export const PAGE_VARIABLE = 'TINED_PAGE'
/** Of what a page says that does not start, so much is passed on. */
const MOST_SAID = 1000

/** Where it is to listen; undefined for where pages are by default, or on a free port where that is taken. */
export interface PageWish {
  listen: string | undefined
}

export interface ServerPage {
  /** Fulfilled when nothing of it is left. */
  end(): Promise<void>
}

export const addPageOption = (command: Command): Command =>
  command.addOption(
    new Option(
      `${FLAG} [address]`,
      'show it live in a browser, at HOST:PORT; at 127.0.0.1:9191 without one, or on a free port if that is taken',
    ).env(PAGE_VARIABLE),
  )

/**
 * Undefined where none is wanted.
 *
 * @throws {TypeError} an address that cannot be, or that others reach, without a token
 */
export async function typedPage(command: Command): Promise<PageWish | undefined> {
  const typed = command.getOptionValue('page') as string | true | undefined
  const isVariable = command.getOptionValueSource('page') === 'env'
  if (typed === undefined || (isVariable && /^\s*(0|false|no)?\s*$/.test(`${typed}`))) return undefined
  if (typed === true || (isVariable && /^\s*(1|true|yes)\s*$/.test(typed))) return { listen: undefined }
  // what only a page needs is loaded for one
  const [{ readReach }, { tokenFrom }] = await Promise.all([import('../page/reach.js'), import('../page/access.js')])
  const name = isVariable ? PAGE_VARIABLE : FLAG
  readReach(name, typed, tokenFrom(process.env['TINED_PAGE_TOKEN']))
  return { listen: typed }
}

/** Starts it without waiting for it, and says where it is. However it fares, the server goes on. @param supervisor of the server */
export function startPage({ listen }: PageWish, supervisor: number): ServerPage {
  const at = listen === undefined ? [] : ['--listen', listen]
  const program = fileURLToPath(new URL('bin/tined', packageRoot))
  // a session of its own: what the terminal sends is for the server, which ends its page after itself
  const child = spawn(process.execPath, [program, 'page', `${process.pid}`, '--of-server', ...at], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  let isEnding = false
  const gone = new Promise<void>((resolve) => {
    child.on('error', (error) => {
      tell(`tined: the page does not start: ${error.message}\n`)
      resolve()
    })
    child.on('close', (code, signal) => {
      const words = said.trim().replace(/^tined: fatal: /, '') || `it ended with ${signal ?? `status ${code}`}`
      if (!isEnding) tell(`tined: there is no page any more, and the server goes on: ${words}\n`)
      void reapLeft(supervisor).then(resolve)
    })
  })
  child.stderr.on('data', (text: Buffer) => {
    if (said.length < MOST_SAID) said += text.toString()
  })
  child.stdout.once('data', (text: Buffer) => {
    tell(text.toString().replace('tined page: ', '  page    '))
    // nothing more is expected, and the server is to hold nothing of it
    for (const stream of [child.stdout, child.stderr]) stream.destroy()
  })
  yieldTo(child.pid)
  return {
    end() {
      isEnding = true
      child.kill('SIGKILL')
      return gone
    },
  }
}

/** Of what the page leaves behind. */
const MOST_WAIT_MS = 500

/** As root a page has a child, which the kernel ends with it and gives to this process, a subreaper, that has but a supervisor beside it. */
async function reapLeft(supervisor: number): Promise<void> {
  for (let waitMs = 1; waitMs < MOST_WAIT_MS; waitMs *= 2) {
    const left = childrenOf(getpid())?.filter((pid) => pid !== supervisor) ?? []
    if (left.length === 0) return
    for (const pid of left) waitpid(pid, WNOHANG)
    await delay(waitMs)
  }
}

/** Where there is not CPU for both, it is the server's. */
function yieldTo(pid: number | undefined): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // it has ended already, or not even that is allowed
  }
}
