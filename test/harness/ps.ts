/** What `tined ps` says of a server under test. */
import assert from 'node:assert/strict'
import { runToEnd, tined } from './program.js'
import type { TestServer } from './server.js'

interface SeenDescriptor {
  fd: number
  kind: string
  what: string
  alsoHeldBy: number[]
  otherEndHeldBy?: number[]
}

export interface SeenProcess {
  pid: number
  parent: number
  role: string
  state: string
  client?: string
  descriptor?: number
  occupation?: string
  connections?: number
  bytesRead?: number
  bytesWritten?: number
  messages?: number
  pssBytes?: number
  ownBytes?: number
  serves: { client: string; descriptor: number; bytesRead: number }[]
  descriptors?: SeenDescriptor[]
}

export interface SeenServer {
  launcher?: number
  supervisor?: number
  listening: string[]
  scoreboard?: boolean
  scoreboardMissing?: string
  processes: SeenProcess[]
  lastEnds: { pid: number; role: string; reason: string; livedMs: number }[]
  lastSignals: { signal: string; from: number; to: number }[]
  answers?: { count: number; medianMs: number; p99Ms: number }
  warnings: { kind: string; pid: number; text: string }[]
}

/** Its standard output; it must end well and say nothing else. */
export async function psText(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runToEnd(tined('ps', ...args))
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  return stdout
}

export async function psOf(server: TestServer, ...args: string[]): Promise<SeenServer> {
  const { servers } = JSON.parse(await psText(`${server.pid}`, '--json', ...args)) as { servers: SeenServer[] }
  assert.equal(servers.length, 1)
  return servers[0] as SeenServer
}

export const kindsOf = ({ warnings }: SeenServer): string[] => warnings.map(({ kind }) => kind)
