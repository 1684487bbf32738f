/** `tined ps`: servers of this machine and their processes, as the kernel and the scoreboards have them. */
import { setTimeout as delay } from 'node:timers/promises'
import { type Command, Option } from 'commander'
import { FollowedTree } from '../observe/followed-tree.js'
import { leaksIn } from '../observe/leaks.js'
import { ledgerOf } from '../observe/ledger.js'
import { look } from '../observe/look.js'
import { readMemory, type ServerView } from '../observe/server-view.js'
import { type Finding, findingsOf, Patience } from '../observe/warnings.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'
import { flush, print } from './output.js'
import { serverFacts } from './ps/facts.js'
import type { Seen } from './ps/seen.js'
import { SORTS, type Sort, select } from './ps/selection.js'
import { untilNext } from './ps/until-next.js'

interface PsFlags {
  json?: true
  watch?: string | true
  fds?: true
  all?: true
  sort: Sort
}

const WATCH_S = 1
const MOST_WATCH_S = 3600
/** What should not last is looked at once more after this. */
const AGAIN_MS = 1050

function wholeNumber(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,9}$/.test(text)) return text === undefined ? undefined : Number(text)
  throw new TypeError(`PID: expected the number of a process, got ${JSON.stringify(text)}`)
}

function watchMs(given: string | true): number {
  const seconds = given === true ? WATCH_S : Number(given || Number.NaN)
  if (seconds >= 0.1 && seconds <= MOST_WATCH_S) return seconds * 1000
  throw new RangeError(`--watch: expected seconds from 0.1 to ${MOST_WATCH_S}, got ${JSON.stringify(given)}`)
}

function see(views: readonly ServerView[], withDescriptors: boolean): Seen[] {
  return views.map((view) => {
    const ledger = withDescriptors ? ledgerOf(view) : undefined
    const leaks = ledger === undefined ? [] : leaksIn(ledger, view)
    return { view, ledger, findings: [...findingsOf(view), ...leaks] }
  })
}

function jsonOf(seen: readonly Seen[], ripe: readonly Finding[], { all, sort }: PsFlags): string {
  const servers = seen.map(({ view, ledger, findings }) => {
    readMemory(select(view.processes, sort, all === true).shown, view.refused)
    return serverFacts(
      view,
      findings.filter((finding) => ripe.includes(finding)),
      ledger,
    )
  })
  return `${JSON.stringify({ version: 1, time: new Date().toISOString(), servers })}\n`
}

/** For people; what aligns it is not loaded for programs. */
async function printText(
  seen: readonly Seen[],
  ripe: readonly Finding[],
  { sort, all, watch }: PsFlags,
): Promise<void> {
  const [{ textOf }, { repainted }] = await Promise.all([import('./ps/text.js'), import('./ps/repaint.js')])
  const text = textOf(seen, ripe, sort, all === true)
  const { isTTY, rows, columns } = process.stdout
  if (watch === undefined) print(text)
  else print(isTTY ? repainted(text, rows, columns) : `${text}\n`)
}

async function ps(pidText: string | undefined, flags: PsFlags): Promise<void> {
  try {
    const pid = wholeNumber(pidText)
    const everyMs = flags.watch === undefined ? undefined : watchMs(flags.watch)
    const patience = new Patience()
    const tree = new FollowedTree(() => look(pid))
    const once = (): { seen: Seen[]; ripe: Finding[] } => {
      const seen = see(pid === undefined ? look(pid) : tree.look(), flags.fds === true)
      return { seen, ripe: patience.ripe(seen.flatMap(({ findings }) => findings)) }
    }
    for (;;) {
      let { seen, ripe } = once()
      if (everyMs === undefined && patience.waits) {
        await delay(AGAIN_MS)
        ;({ seen, ripe } = once())
      }
      if (flags.json) print(jsonOf(seen, ripe, flags))
      else await printText(seen, ripe, flags)
      flush()
      if (everyMs === undefined) return
      await untilNext(everyMs)
    }
  } catch (error) {
    fail(error)
  }
}

export function addPs(program: Command): void {
  const command = program
    .command('ps')
    .description(
      'show the servers of this machine, process by process: state, client, bytes, memory, and what is wrong',
    )
    .argument('[pid]', 'only the tree of this launcher, supervisor or other process')
    .option('--fds', 'every descriptor instead: what it is, and who else holds it')
    .option('--json', 'one object with all that is known')
    .option('--watch [seconds]', `again and again, every second or as often as said`)
    .option('--all', 'more than 40 processes that serve, and every end')
    .addOption(new Option('--sort <by>', 'the order of processes of one role').choices(SORTS).default('pid'))
    .action(ps)
  addExamples(command, 'ps')
}
