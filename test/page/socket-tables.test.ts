/** Tables of sockets are read no more often than they may cost. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SocketTables } from '../../src/page/socket-tables.js'

test('a costly table is used again until its share of time is over', () => {
  let reads = 0
  const tables = new SocketTables(() => {
    reads++
    for (const end = process.cpuUsage().user + 10_000; process.cpuUsage().user < end; );
    return new Map()
  })
  const look = (nowMs: number): boolean => {
    tables.begin(nowMs)
    tables.of(process.pid, new Set())
    return tables.isFresh
  }
  assert.deepEqual([look(0), look(500), look(60_000)], [true, false, true])
  assert.equal(reads, 2)
})
