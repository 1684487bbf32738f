// docs/scaling.md as it stands, in networks of their own: clients, HAProxy, two hosts with Tined, three servers of NATS. The power of the stream's
// leader is cut under load, then that of a host: whatever came back is in the stream, and nothing is there twice.
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { judge } from '../bench/lib/claims.js'
import { atExit } from '../bench/lib/cleanup.js'
import { until } from '../bench/lib/deadline.js'
import { onPath, root } from '../bench/lib/paths.js'
import { haproxy, type Machine, nats, tined } from './two-hosts/guide.js'
import { type Host, Network } from './two-hosts/network.js'

const CLIENTS = 20
const CLIENT = '10.0.0.5'
const NATS = ['10.0.0.31', '10.0.0.32', '10.0.0.33']
const TINED = ['10.0.0.21', '10.0.0.22']
/** An election takes up to nine seconds, and there may be two. */
const PATIENCE_MS = 60_000

/** Why it cannot be run here. */
function lacking(): string | undefined {
  if (process.getuid?.() !== 0) return 'networks of their own need root'
  const program = ['haproxy', 'nats-server', 'nsenter', 'ip'].find((name) => !onPath(name))
  return program && `no ${program}: apt-get install haproxy nats-server util-linux iproute2`
}

const reason = lacking()
if (reason !== undefined) {
  console.log(`skipped: ${reason}`)
  process.exit(process.env['TINED_NO_SKIPS'] === undefined || process.getuid?.() !== 0 ? 0 : 1)
}

const scratch = mkdtempSync(join(tmpdir(), 'tined-two-hosts-'))
atExit(() => rmSync(scratch, { recursive: true, force: true }))
const machine = (name: string): Machine => ({ name, folder: join(scratch, name) })
const logOf = (name: string): string => join(scratch, `${name}.log`)
const network = await Network.open()

function start(name: string, address: string, command: readonly string[]): Promise<Host> {
  const log = openSync(logOf(name), 'a')
  return network.start(address, command, ['ignore', log, log])
}

let looks = 0

/** Asks the stream, and returns the lines that are printed; undefined where nobody leads it now. */
async function lookOnce(what: string): Promise<string[] | undefined> {
  const servers = NATS.filter((_, index) => brokers.has(`n${index + 1}`)).map((address) => `${address}:4222`)
  const command = [process.execPath, join(root, 'dist/check/two-hosts/look.js'), servers.join(), what]
  // another address each time: the others remember for a while whose the last one was
  const host = await network.start(`10.0.0.${100 + ++looks}`, command, ['ignore', 'pipe', 'ignore'])
  let text = ''
  for await (const chunk of host.stdout) text += chunk
  return (await host.ended()) === 0 ? text.split('\n').filter((line) => line !== '') : undefined
}

const look = (what: string): Promise<string[]> => until(() => lookOnce(what), PATIENCE_MS, `asking for the ${what}`)

interface Counts {
  back: number
  again: number
  connections: number
  each: number[]
  done: boolean
}

const beganMs = performance.now()
const say = (words: string): void => console.log(`${((performance.now() - beganMs) / 1000).toFixed(1)} s: ${words}`)

const brokers = new Map<string, Host>()
for (const [index, address] of NATS.entries()) {
  const name = `n${index + 1}`
  brokers.set(name, await start(name, address, nats(machine(name))))
}
const hosts: Host[] = []
for (const [index, address] of TINED.entries())
  hosts.push(await start(`t${index + 1}`, address, tined(machine(`t${index + 1}`))))
for (const name of ['t1', 't2'])
  await until(
    () => readFileSync(logOf(name), 'utf8').includes('listens on') || undefined,
    PATIENCE_MS,
    `starting ${name}`,
  )
await start('haproxy', '10.0.0.10', haproxy(machine('haproxy')))

const program = [process.execPath, join(root, 'dist/check/two-hosts/clients.js'), '10.0.0.10', '9190', `${CLIENTS}`]
const clients = await network.start(CLIENT, program, ['pipe', 'pipe', 'inherit'])
let counts: Counts | undefined
let rest = ''
clients.stdout.on('data', (chunk) => {
  const lines = `${rest}${chunk}`.split('\n')
  rest = lines.pop() ?? ''
  const last = lines.at(-1)
  if (last !== undefined) counts = JSON.parse(last) as Counts
})

/** Until each client has had so many lines more. */
async function allServed(lines: number): Promise<void> {
  const before = counts?.each ?? []
  const served = (): true | undefined =>
    counts?.each.every((back, index) => back >= (before[index] ?? 0) + lines) || undefined
  await until(served, PATIENCE_MS, `${lines} lines of each client`).catch((error: Error) => {
    for (const name of ['t1', 't2', 'n1']) console.log(`${name}: ${readFileSync(logOf(name), 'utf8').slice(-1500)}`)
    throw error
  })
  say(`${counts?.back} lines have come back, ${counts?.again} were sent again, ${counts?.connections} connections`)
}

await allServed(20)
const [leader = ''] = await look('leader')
say(`the power of ${leader} is cut, the leader of the stream`)
await brokers.get(leader)?.cut()
brokers.delete(leader)
await allServed(100)
say('the power of a host with Tined is cut')
await hosts[0]?.cut()
await allServed(100)
clients.stdin.write('end\n')
await until(() => counts?.done || undefined, PATIENCE_MS, 'the last lines')
const { back, again, each } = counts as Counts
say(`all ${back} lines have come back`)

const messages = await look('messages')
const found = messages.map((line) => line.split(' ')[0] as string)
const foreign = messages.filter((line) => !line.includes(` ${CLIENT}:`))
const there = new Set(found)
const missing = each.flatMap((lines, client) =>
  Array.from({ length: lines }, (_, index) => `client-${client}:${index + 1}`).filter((id) => !there.has(id)),
)
for (const host of [...brokers.values(), ...hosts, clients]) await host.end().catch(() => {})
judge([
  { says: `${back} lines came back, ${missing.length} of them are not in the stream`, holds: missing.length === 0 },
  {
    says: `${again} were sent again, ${found.length - there.size} are in the stream twice`,
    holds: found.length === there.size,
  },
  {
    says: `${messages.length} name who sent them, ${foreign.length} of them somebody else`,
    holds: foreign.length === 0,
  },
  { says: `the host whose power was cut had clients: ${again} lines were sent again`, holds: again > 0 },
])
process.exit()
