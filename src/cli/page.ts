/** `tined page`: what `tined ps` shows, live in a browser, and for Prometheus. */
import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import type { Front } from '../page/collector.js'
import { wholeNumber } from '../server/options/numbers.js'
import { EXIT } from '../supervisor/exit-status.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'
import { flush, print, tell } from './output.js'
import { packageRoot } from './package-root.js'

interface PageFlags {
  listen: string
  token?: string
  refreshMs: string
  ofServer?: true
  front?: true
}

const HOUR_MS = 3_600_000

async function page(pidText: string | undefined, flags: PageFlags, command: Command): Promise<void> {
  try {
    const pid = pidText === undefined ? undefined : wholeNumber(1, 4_194_304).read('PID', pidText)
    const refreshMs = wholeNumber(100, HOUR_MS).read('--refresh-ms', flags.refreshMs)
    // what only this command needs is loaded here
    const [{ servePage }, { tokenFrom }, { readReach }, { belongTo, giveAwayPrivileges }] = await Promise.all([
      ...([import('../page/serve.js'), import('../page/access.js')] as const),
      ...([import('../page/reach.js'), import('../page/belong-to.js')] as const),
    ])
    const [{ looksOf }, { Watcher }, { startFront }, { looksOfParent }] = await Promise.all([
      ...([import('../page/looks.js'), import('../page/watcher.js')] as const),
      ...([import('../page/collector.js'), import('../page/remote-looks.js')] as const),
    ])
    const token = tokenFrom(flags.token)
    const place = readReach('--listen', flags.listen, token)
    const isFront = flags.front === true && process.send !== undefined
    if (flags.ofServer && !isFront && pid !== undefined) belongTo(pid)
    if (process.getuid?.() === 0 && !isFront) {
      await collect(startFront(process.argv.slice(1), looksOf(new Watcher(pid, refreshMs))))
      return
    }
    const { url } = await servePage({
      ...{ ...place, token, looks: isFront ? looksOfParent() : looksOf(new Watcher(pid, refreshMs)) },
      folder: fileURLToPath(new URL('dist/page', packageRoot)),
      orFree: flags.ofServer === true && command.getOptionValueSource('listen') === 'default',
    })
    if (isFront) {
      process.on('disconnect', () => process.exit(EXIT.ok))
      if (!giveAwayPrivileges()) tell('tined page: serves the web as root: there is no other user here\n')
      belongTo(process.ppid)
    }
    for (const signal of STOPS) process.on(signal, () => process.exit(EXIT.ok))
    print(`tined page: ${url}\n`)
    flush()
  } catch (error) {
    fail(error)
  }
}

const STOPS = ['SIGINT', 'SIGTERM'] as const

/** Ends with its front, and that with it. */
async function collect(front: Front): Promise<void> {
  for (const signal of STOPS) process.on(signal, () => void front.end().then(() => process.exit(EXIT.ok)))
  process.exitCode = await front.ended
}

export function addPage(program: Command): void {
  const command = program
    .command('page')
    .description('show the servers of this machine live in a browser, and to Prometheus at /metrics')
    .argument('[pid]', 'only the tree of this launcher, supervisor or other process')
    .option(
      '--listen <address>',
      'HOST:PORT or [IPv6]:PORT; of this machine alone unless there is a token',
      '127.0.0.1:9191',
    )
    .addOption(new Option('--token <token>', 'ask whoever comes for it').env('TINED_PAGE_TOKEN'))
    .option('--refresh-ms <ms>', 'the least time between two looks', '1000')
    // what --page of a server command starts
    .addOption(new Option('--of-server').hideHelp())
    .addOption(new Option('--front').hideHelp())
    .action(page)
  addExamples(command, 'page')
}
