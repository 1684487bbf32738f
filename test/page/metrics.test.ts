/** A snapshot in the words of Prometheus. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { metricsOf } from '../../src/page/metrics.js'
import { processShot, serverOf, snapshotOf } from './shots.js'

const server = serverOf(
  [
    processShot(2, 'supervisor', { pssBytes: 1000, memoryAgeMs: 500 }),
    processShot(3, 'connection', { pssBytes: 200, memoryAgeMs: 1000 }),
    processShot(4, 'connection', { pssBytes: 300, memoryAgeMs: 2500 }),
    processShot(5, 'connection'),
  ],
  {
    connections: 3,
    waiting: 2,
    waitingLimit: 511,
    // below 1 us, 64 us, 128 us, and a second and more
    forkTimes: { count: 10, sumMs: 2500, buckets: [1, 0, 0, 0, 0, 0, 2, 3, ...Array(13).fill(0), 4] },
    // below 8 us, 16 us, and a second and more
    answerTimes: { count: 6, sumMs: 3000, buckets: [0, 0, 1, 0, 3, ...Array(16).fill(0), 2] },
    signalCounts: [{ signal: 'SIGTERM', count: 2 }],
    totals: { accepted: 7, forked: 8, reaped: 5, bytesRead: 10, bytesWritten: 20, messages: 4 },
    cpuMs: { supervisor: 1500, connection: 250 },
    endCounts: [{ role: 'connection', reason: 'killed by "x"\n', count: 5 }],
  },
)

const linesOf = async (wantsOpenMetrics: boolean): Promise<string[]> =>
  (await metricsOf(snapshotOf([server]), wantsOpenMetrics)).text.split('\n')

const A = 'address="127.0.0.1:9190"'
const expected = [
  `tined_connections{${A}} 3`,
  `tined_accept_queue{${A}} 2`,
  `tined_accept_queue_limit{${A}} 511`,
  `tined_fork_seconds_bucket{${A},le="0.000064"} 3`,
  `tined_fork_seconds_bucket{${A},le="0.000128"} 6`,
  `tined_fork_seconds_bucket{${A},le="1.048576"} 6`,
  `tined_fork_seconds_bucket{${A},le="+Inf"} 10`,
  `tined_fork_seconds_sum{${A}} 2.5`,
  `tined_fork_seconds_count{${A}} 10`,
  '# TYPE tined_fork_seconds histogram',
  `tined_answer_seconds_bucket{${A},le="0.000008"} 1`,
  `tined_answer_seconds_bucket{${A},le="0.000016"} 4`,
  `tined_answer_seconds_bucket{${A},le="+Inf"} 6`,
  `tined_answer_seconds_sum{${A}} 3`,
  `tined_signals_total{${A},signal="SIGTERM"} 2`,
  `tined_connections_accepted_total{${A}} 7`,
  `tined_forks_total{${A}} 8`,
  `tined_received_bytes_total{${A}} 10`,
  `tined_sent_bytes_total{${A}} 20`,
  `tined_messages_total{${A}} 4`,
  `tined_process_ends_total{${A},role="connection",reason="killed by \\"x\\"\\n"} 5`,
  `tined_processes{${A},role="connection"} 3`,
  `tined_process_cpu_seconds_total{${A},role="supervisor"} 1.5`,
  `tined_process_pss_bytes{${A},role="connection"} 500`,
  `tined_process_pss_measured{${A},role="connection"} 2`,
  `tined_process_pss_age_seconds{${A},role="connection"} 2.5`,
]

for (const wantsOpenMetrics of [false, true])
  test(`${wantsOpenMetrics ? 'OpenMetrics' : 'Prometheus'}: names, labels, escapes`, async () => {
    const lines = await linesOf(wantsOpenMetrics)
    assert.deepEqual(
      expected.filter((line) => !lines.includes(line)),
      [],
      lines.join('\n'),
    )
    assert.equal(lines.includes('# EOF'), wantsOpenMetrics)
  })

test('what is not known is left out', async () => {
  const { text } = await metricsOf(snapshotOf([serverOf([])]), false)
  assert.doesNotMatch(
    text,
    /^tined_(accept_queue|accept_queue_limit|forks_total|messages_total|fork_seconds_bucket|store_sync_seconds_bucket)\{/m,
  )
  assert.match(text, /^tined_connections\{/m)
})

test('a server of which no address is known goes by its supervisor', async () => {
  const { text } = await metricsOf(snapshotOf([server, serverOf([], { listening: [], supervisor: 9 })]), false)
  assert.match(text, /^tined_connections\{address="process 9"\} 0$/m)
})

test('two servers on one address are two series', async () => {
  const { text } = await metricsOf(snapshotOf([server, serverOf([], { supervisor: 9 })]), false)
  assert.match(text, /^tined_connections\{address="127\.0\.0\.1:9190"\} 3$/m)
  assert.match(text, /^tined_connections\{address="127\.0\.0\.1:9190 process 9"\} 0$/m)
})
