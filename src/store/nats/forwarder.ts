/**
 * The forwarder: a Node of its own, with a network client, that publishes what a store's writer has put into the spool. The supervisor
 * forks it as it does its other services, and it executes Node in place of itself.
 */
import { writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { FORWARDER, type ForwarderSetup } from './forwarder-setup.js'
import { Forwarding } from './forwarding.js'
import { Progress } from './progress.js'

/** A stream that was looked for and is not found by then may come later; what waits for the server to start does not wait longer. */
const FIRST_MS = 1000

/** What no waiting mends, while the server starts: not allowed, no JetStream, no packages, and files that cannot be read. */
const REFUSED = ['AuthorizationError', 'JetStreamNotEnabled', 'ERR_MODULE_NOT_FOUND', 'ENOENT', 'ENODATA', 'EACCES']
/** A server or a client that is not who it should be, and keys that do not fit. */
const UNTRUSTED = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|^ERR_O?SSL_/
/** JetStream's error for a stream with replicas on a server that is no cluster. */
const NO_CLUSTER = 10074
/** As `EXIT.system`, whose file loads what calls C. */
const SYSTEM = 111

const { spool, address, memory, bell, report } = JSON.parse(process.env[FORWARDER] ?? '') as ForwarderSetup
process.title = 'tined: forwarder'

function tell(message: object): void {
  try {
    writeSync(report, `${JSON.stringify(message)}\n`)
  } catch {
    // the supervisor is stuck, or gone, and takes this process along
  }
}

type Failure = Error & { code?: number | string }

function isRefusal({ name, code, cause }: Failure): boolean {
  const word = String(code)
  if (REFUSED.includes(name) || REFUSED.includes(word) || code === NO_CLUSTER || UNTRUSTED.test(word)) return true
  // the client of NATS wraps some
  return cause !== undefined && isRefusal(cause as Failure)
}

let ready = false
/** An attempt has failed: what it says may be what no waiting mends, however slow this machine is. */
let tried = false
let late = false

function becomeReady(): void {
  if (!ready) tell({ type: 'ready' })
  ready = true
}

function noteFailure(error: Error): void {
  tried = true
  if (ready) return
  if (isRefusal((error.cause ?? error) as Failure)) refuse(error)
  if (late) becomeReady()
}

function refuse({ message }: Error): never {
  const scheme = address.tls === undefined ? 'nats' : 'tls'
  tell({ type: 'failed', message: `${scheme}://${message}`, exitCode: SYSTEM })
  process.exit(SYSTEM)
}

const forwarding = new Forwarding({
  spool,
  address,
  progress: new Progress(memory, bell),
  log: (level, message) => tell({ type: 'log', level, message }),
  found: becomeReady,
  failed: noteFailure,
})
setTimeout(() => {
  late = true
  if (tried) becomeReady()
}, FIRST_MS).unref()
new Socket({ fd: bell, readable: true, writable: false }).on('data', () => forwarding.wake())
process.on('SIGTERM', () => forwarding.end())
process.on('SIGINT', () => {})
await forwarding.run()
process.exit(0)
