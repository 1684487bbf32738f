/** `tined connect`: the notes' split client. */
import { type Command, Option } from 'commander'
import { SplitClient } from '../client/split-client.js'
import { formatDestination, parseTarget } from '../client/target.js'
import { openTitle, setTitle } from '../engine/title.js'
import { executeWithFlags, fallbackReason } from '../fork/way.js'
import { duration, wholeNumber } from '../server/options/numbers.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'

interface ConnectFlags {
  timeout: string
  reconnect?: true
  attempts: string
  lines?: true
  hex?: true
  tls?: true
  tlsCa?: string
  insecure?: true
}

const EXIT_TEXT = `
Exit status:
  0    all input was sent, and all that the server sent was written
  1    the connection was lost before that
  100  misuse
  111  the system refused: no connection, or standard input or output failed
  Ctrl-C ends it by SIGINT, which a shell reports as 130.`

async function connect(address: string, flags: ConnectFlags): Promise<void> {
  try {
    const destination = parseTarget(address)
    const timeoutMs = duration().read('--timeout', flags.timeout)
    const attempts = wholeNumber().read('--attempts', flags.attempts)
    if (flags.tls) {
      const { talkOverTls } = await import('../client/tls-client.js')
      process.exitCode = await talkOverTls(destination, timeoutMs, {
        ca: flags.tlsCa,
        insecure: flags.insecure === true,
      })
      return
    }
    if (flags.tlsCa !== undefined || flags.insecure)
      throw new TypeError(`${flags.insecure ? '--insecure' : '--tls-ca'}: only with --tls`)
    // before anything is read: Node starts again from its first line
    if (fallbackReason() !== undefined) executeWithFlags([])
    openTitle()
    setTitle(`tined: connect ${formatDestination(destination)}`)
    const format = flags.hex ? 'hex' : flags.lines ? 'lines' : 'raw'
    process.exitCode = await new SplitClient(destination, timeoutMs, flags.reconnect ? attempts : 0, format).run()
  } catch (error) {
    fail(error)
  }
}

export function addConnect(program: Command): void {
  const command = program
    .command('connect')
    .description('talk to a server: one process reads, one writes')
    .argument('<address>', 'HOST:PORT, [IPv6]:PORT, PORT or unix:PATH')
    .option('--timeout <time>', 'to connect; 0 for as long as the kernel tries', '10s')
    .option('--reconnect', 'try again when it fails, or ends before your input')
    .option('--attempts <count>', 'of --reconnect, in a row that bring nothing', '10')
    .addOption(new Option('--lines', 'send each line by itself, and show whole lines only').conflicts('hex'))
    .option('--hex', 'show what comes as a hex dump')
    .addOption(new Option('--tls', 'speak TLS; in one process').conflicts(['hex', 'lines', 'reconnect']))
    .option('--tls-ca <file>', 'believe the certificates there (PEM), instead of the well-known authorities')
    .option('--insecure', 'believe any certificate')
    .action(connect)
  addExamples(command, 'connect').addHelpText('after', EXIT_TEXT)
}
