/** `tined page`: what `tined ps` shows, live in a browser, and for Prometheus. */
import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import { readAddress } from '../libc/address.js'
import { wholeNumber } from '../server/options/numbers.js'
import { EXIT } from '../supervisor/exit-status.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'
import { flush, print } from './output.js'
import { packageRoot } from './package-root.js'

interface PageFlags {
  listen: string
  token?: string
  refreshMs: string
  ofServer?: true
}

const HOUR_MS = 3_600_000

async function page(pidText: string | undefined, flags: PageFlags, command: Command): Promise<void> {
  try {
    const pid = pidText === undefined ? undefined : wholeNumber(1, 4_194_304).read('PID', pidText)
    // what only this command needs is loaded here
    const [{ servePage }, { tokenFrom }, { checkReach }, { belongTo }] = await Promise.all([
      ...([import('../page/serve.js'), import('../page/access.js')] as const),
      ...([import('../page/reach.js'), import('../page/belong-to.js')] as const),
    ])
    if (flags.ofServer && pid !== undefined) belongTo(pid)
    const token = tokenFrom(flags.token)
    const { url } = await servePage({
      ...checkReach('--listen', readAddress('--listen', flags.listen), token),
      ...{ pid, token },
      refreshMs: wholeNumber(100, HOUR_MS).read('--refresh-ms', flags.refreshMs),
      folder: fileURLToPath(new URL('dist/page', packageRoot)),
      orFree: flags.ofServer === true && command.getOptionValueSource('listen') === 'default',
    })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(EXIT.ok))
    print(`tined page: ${url}\n`)
    flush()
  } catch (error) {
    fail(error)
  }
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
    .action(page)
  addExamples(command, 'page')
}
