/** `tined doctor`: what on this machine would make forking unsafe, what is too small for the options given, and the remedies. */
import type { Command } from 'commander'
import { quiesce } from '../fork/fork.js'
import { type Check, examine } from '../fork/safety.js'
import { defaultThreads, executeWithFlags, fallbackReason, forkWay, startAfterFork } from '../fork/way.js'
import { checkOptions, type ServerOptions } from '../server/options.js'
import { EXIT } from '../supervisor/exit-status.js'
import { examineRoom } from './doctor/room.js'
import { fail } from './fail.js'
import { flush, print } from './output.js'
import { addServerOptions, typedServerOptions } from './server-options.js'

const WAYS = {
  'stop-start': "V8's threads are stopped before a fork and started again after it; no flags",
  flags: 'Node runs with --single-threaded --v8-pool-size=1',
} as const

/** The trial needs a turn of the event loop without promises on the stack. */
function trial(): Promise<Check> {
  const name = 'a trial fork that collects garbage and ends'
  return new Promise((resolve) =>
    setImmediate(() => {
      try {
        quiesce()
        startAfterFork(defaultThreads())
        resolve({ name, ok: true })
      } catch (error) {
        resolve({ name, ok: false, reason: (error as Error).message })
      }
    }),
  )
}

/** @param options of the server that is to run here */
async function doctor(options: ServerOptions): Promise<void> {
  // as a server would, so that what is examined is what it would run on
  if (fallbackReason() !== undefined) executeWithFlags([])
  const way = forkWay()
  const checks = [...examine()]
  if (checks.every(({ ok }) => ok)) checks.push(await trial())
  const lines = [`Node ${process.versions.node} on ${process.platform} ${process.arch}`]
  if ('way' in way) lines.push(`way in force: ${way.way} (${WAYS[way.way]})`)
  for (const { name, ok, reason, remedy } of checks) {
    lines.push(`${ok ? 'ok  ' : 'FAIL'} ${name}`)
    if (reason !== undefined) lines.push(`       ${reason}`)
    if (remedy !== undefined) lines.push(`       ${remedy}`)
  }
  for (const { name, short, remedy } of examineRoom(options)) {
    lines.push(`${short === undefined ? 'ok  ' : 'WARN'} ${name}`)
    for (const line of [short, remedy]) if (line !== undefined) lines.push(`       ${line}`)
  }
  process.exitCode = checks.every(({ ok }) => ok) ? EXIT.ok : EXIT.system
  try {
    print(`${lines.join('\n')}\n`)
    flush()
  } catch (error) {
    fail(error)
  }
}

export function addDoctor(program: Command): void {
  const command = program.command('doctor').description('check what makes forking safe here, and whether there is room')
  addServerOptions(command).action((_flags: object, command: Command) => {
    let options: ServerOptions
    try {
      const { values, nameOf } = typedServerOptions(command)
      options = checkOptions(values, nameOf)
    } catch (error) {
      return fail(error)
    }
    return doctor(options)
  })
}
