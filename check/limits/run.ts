// All shortages on the Node that runs this; prints a line of JSON for each.
import { randomUUID } from 'node:crypto'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fixture, type Launch, tined } from '../../test/harness/program.js'
import { TestServer } from '../../test/harness/server.js'
import type { Outcome } from './outcome.js'
import { type Came, type Handler, type Model, type Scenario, scenarios } from './scenarios.js'

const WARN = 40

/** What it said of the shortage, each line once: how a process ended that the kernel had to end is no news. */
function logged(server: TestServer): string[] {
  const counts = new Map<string, number>()
  for (const { level, msg } of server.log) if (level >= WARN) counts.set(msg, (counts.get(msg) ?? 0) + 1)
  return [...counts].map(([msg, count]) => (count === 1 ? msg : `${msg} (${count} times)`))
}

function launchOf(scenario: Scenario, model: Model, handler: Handler, folder: string): Launch {
  if (scenario.launch !== undefined) return scenario.launch(model, handler)
  if (handler !== 'store') return fixture(`echo-${handler}.js`, { model, logLevel: 'info' })
  const to = join(folder, 'messages.ndjson')
  return tined('store', '--model', model, '--to', to, '--listen', '127.0.0.1:0', '--log', 'json')
}

async function runOne(scenario: Scenario, model: Model, handler: Handler): Promise<Outcome> {
  const { starved, skip } = scenario
  const common = {
    node: process.versions.node,
    model,
    handler,
    starved,
    clients: 0,
    waited: 0,
    ended: 0,
    lost: 0,
    logged: [],
  }
  if (skip !== false) return { ...common, skipped: skip }
  const folder = mkdtempSync(join(tmpdir(), 'tined-check-'))
  chmodSync(folder, 0o777)
  const portFile = join(folder, 'port')
  const prepared = scenario.prepare?.()
  const launch = launchOf(scenario, model, handler, folder)
  const server = new TestServer(
    { ...launch, under: prepared?.under ?? [], env: { ...launch.env, TINED_PORT_FILE: portFile } },
    randomUUID(),
    { folder, portFile },
  )
  try {
    await server.becomeReady()
    const came: Came = await scenario.run(server, model)
    const ended = server.ended ?? (await server.stop())
    await server.assertGone()
    const trouble = ended.code === 0 ? {} : { trouble: `ended with ${ended.code ?? ended.signal}` }
    return { ...common, ...came, logged: logged(server), ...trouble }
  } catch (error) {
    return { ...common, logged: logged(server), trouble: (error as Error).message }
  } finally {
    server.killAll()
    await prepared?.done().catch(() => {})
    rmSync(folder, { recursive: true, force: true })
  }
}

for (const scenario of scenarios)
  for (const model of scenario.models)
    for (const handler of scenario.handlers) console.log(JSON.stringify(await runOne(scenario, model, handler)))
