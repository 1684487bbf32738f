import assert from 'node:assert/strict'
import { realpathSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { cpus, hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import type { Probe } from '../probe.js'

/** Later than the types that this project compiles with. */
interface Sqlite {
  DatabaseSync: new (
    path: string,
  ) => {
    exec(sql: string): void
    prepare(sql: string): { run(...values: unknown[]): unknown; all(): unknown[] }
    close(): void
  }
}

async function sqlite(): Promise<Sqlite> {
  const name = 'node:sqlite'
  return (await import(name)) as Sqlite
}

export const probes: Probe[] = [
  {
    name: 'node:sqlite writes a file, rolls back and reads it again',
    async run() {
      const { DatabaseSync } = await sqlite()
      const directory = await mkdtemp(join(tmpdir(), 'probe-'))
      const first = new DatabaseSync(join(directory, 'db'))
      first.exec('CREATE TABLE t (n INTEGER); PRAGMA journal_mode = WAL')
      for (const n of [1, 2, 3]) first.prepare('INSERT INTO t VALUES (?)').run(n)
      first.exec('BEGIN; DELETE FROM t; ROLLBACK')
      first.close()
      const second = new DatabaseSync(join(directory, 'db'))
      assert.deepEqual({ ...(second.prepare('SELECT sum(n) AS sum FROM t').all()[0] as object) }, { sum: 6 })
      second.close()
      await rm(directory, { recursive: true })
    },
    skip: () => (process.versions.node.startsWith('20.') ? 'by design: Node 20 has no node:sqlite' : undefined),
  },
  {
    name: 'v8.serialize, Buffer and Blob keep their bytes',
    async run() {
      const value = { list: [1, undefined, -0], when: new Date(5), big: 2n ** 70n }
      assert.deepEqual(deserialize(serialize(value)), value)
      assert.equal(Buffer.from('c3BvcmsK', 'base64').toString('hex'), '73706f726b0a')
      assert.equal(await new Blob(['a', new Uint8Array([98])]).text(), 'ab')
    },
  },
  {
    name: 'process tells about itself',
    run() {
      assert.equal(process.cwd(), realpathSync('/proc/self/cwd'))
      assert.ok(process.uptime() > 0 && process.memoryUsage().rss > 10 * 2 ** 20)
      const before = process.resourceUsage().userCPUTime
      while (process.resourceUsage().userCPUTime < before + 5000) Math.sqrt(before)
      assert.ok(process.cpuUsage().user >= before)
      process.title = 'probe title'
      assert.equal(process.title, 'probe title')
      assert.ok(cpus().length >= 1 && hostname().length > 0)
    },
  },
  {
    name: 'process.pid is that of the child, as /proc says',
    async run() {
      const status = await readFile('/proc/self/status', 'utf8')
      assert.equal(/^Pid:\t(\d+)$/m.exec(status)?.[1], `${process.pid}`)
      assert.equal(/^PPid:\t(\d+)$/m.exec(status)?.[1], `${process.ppid}`)
    },
  },
  {
    name: 'a diagnostic report is made, and written to a file',
    async run() {
      const report = process.report?.getReport() as unknown as { header: { processId: number }; javascriptHeap: object }
      assert.ok(report.javascriptHeap)
      const directory = await mkdtemp(join(tmpdir(), 'probe-'))
      if (process.report) process.report.directory = directory
      process.report?.writeReport('own.json')
      assert.deepEqual(await readdir(directory), ['own.json'])
      await rm(directory, { recursive: true })
    },
  },
  {
    name: 'node:test runs a test',
    async run() {
      const { test, describe } = await import('node:test')
      const ran: string[] = []
      await describe('in a forked child', async () => {
        await test('adds', () => void ran.push('adds'))
      })
      assert.deepEqual(ran, ['adds'])
    },
  },
]
