import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pourInto } from './pour.js'
import type { StoreSpec } from './store-spec.js'

export interface StoreLoad {
  /** Messages that were acknowledged a second, or for what acknowledges nothing, kept. */
  readonly perSecond: number
  /** Of an acknowledgement; null where there is none. */
  readonly p50Ms: number | null
  readonly p99Ms: number | null
}

const run = promisify(execFile)

/**
 * Loads a server with so many clients at a time, each of which waits for an answer before it sends again.
 *
 * @param program bench/peers/ask.c, compiled
 */
export async function loadStore(
  program: string,
  scratch: string,
  spec: StoreSpec,
  port: number,
  clients: number,
  seconds: number,
): Promise<StoreLoad> {
  if (spec.keptIn !== undefined) {
    const perSecond = await pourInto(spec.keptIn, String(spec.request), port, clients, seconds)
    return { perSecond, p50Ms: null, p99Ms: null }
  }
  const fileOf = (name: string, content: Buffer | string): string => {
    const path = join(scratch, name)
    writeFileSync(path, content)
    return path
  }
  const { setup, request, answer, messages } = spec
  const before = setup === undefined ? [] : [fileOf('setup', setup.request), setup.answer]
  const args = [`${port}`, `${clients}`, `${seconds}`, fileOf('request', request), answer, ...before]
  const { stdout } = await run(program, args)
  const [perSecond = 0, p50Us = 0, p99Us = 0] = stdout.trim().split(' ').map(Number)
  return { perSecond: perSecond * messages, p50Ms: p50Us / 1000, p99Ms: p99Us / 1000 }
}
