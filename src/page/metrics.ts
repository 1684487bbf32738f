/** A snapshot as Prometheus and OpenMetrics have it. docs/page.md lists the names. */
import { type HistogramSample, MetricText, type Sample } from './metric-text.js'
import type { ProcessShot, ServerShot, Snapshot, TimesShot } from './shapes.js'

const MS_PER_S = 1000

/** A server, and the label that it goes by. */
interface Named {
  address: string
  server: ServerShot
}

/** All addresses of a server are one label: it counts them together. Of two servers on the same one, the second has its pid beside it. */
function named(servers: readonly ServerShot[]): Named[] {
  const taken = new Set<string>()
  return servers.map((server) => {
    const { listening, supervisor, root } = server
    const process = `process ${supervisor ?? root}`
    const where = listening.join(',') || process
    const address = taken.has(where) ? `${where} ${process}` : where
    taken.add(address)
    return { address, server }
  })
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

function perServer(all: readonly Named[], of: (server: ServerShot) => number | undefined): Sample[] {
  return all.flatMap(({ address, server }): Sample[] => {
    const value = of(server)
    return value === undefined ? [] : [[{ address }, value]]
  })
}

function perRole(
  all: readonly Named[],
  of: (process: ProcessShot) => number | undefined,
  join: (values: readonly number[]) => number,
): Sample[] {
  return all.flatMap(({ address, server }) => {
    const values = new Map<string, number[]>()
    for (const process of server.processes) {
      const value = of(process)
      const those = values.get(process.role) ?? []
      if (value !== undefined) values.set(process.role, those)
      if (value !== undefined) those.push(value)
    }
    return [...values].map(([role, those]): Sample => [{ address, role }, join(those)])
  })
}

function addTotals(text: MetricText, all: readonly Named[]): void {
  const counters = [
    ['tined_connections_accepted_total', 'Connections that were accepted.', 'accepted'],
    ['tined_forks_total', 'Processes that the supervisor has forked.', 'forked'],
    ['tined_received_bytes_total', 'Bytes that came from clients.', 'bytesRead'],
    ['tined_sent_bytes_total', 'Bytes that went to clients.', 'bytesWritten'],
    ['tined_messages_total', 'Times that bytes came from clients.', 'messages'],
  ] as const
  for (const [name, help, field] of counters)
    text.counter(
      name,
      help,
      perServer(all, ({ totals }) => totals?.[field]),
    )
  const ends = all.flatMap(({ address, server }) =>
    server.endCounts.map(({ role, reason, count }): Sample => [{ address, role, reason }, count]),
  )
  text.counter('tined_process_ends_total', 'Processes that were reaped.', ends, ['address', 'role', 'reason'])
  const signals = all.flatMap(({ address, server }) =>
    server.signalCounts.map(({ signal, count }): Sample => [{ address, signal }, count]),
  )
  const help = 'Signals that the supervisor has sent and was sent, without SIGCHLD.'
  text.counter('tined_signals_total', help, signals, ['address', 'signal'])
}

/** The first bound is 2 to the power of this, in microseconds. */
const LEAST_POWER = 6
const LEAST_POWER_OF_ANSWERS = 3
const US_PER_S = 1_000_000

function taken({ buckets, sumMs }: TimesShot, leastPower: number): HistogramSample[1] {
  const [short, rest] = [buckets.slice(0, leastPower + 1), buckets.slice(leastPower + 1)]
  const bounds = rest.map((_, place) => 2 ** (leastPower + place) / US_PER_S)
  return { bounds, counts: [sum(short), ...rest], sum: sumMs / MS_PER_S }
}

function addTimes(text: MetricText, all: readonly Named[]): void {
  const histograms = [
    ['tined_fork_seconds', 'What a fork takes in the process that forks.', 'forkTimes'],
    ['tined_answer_seconds', 'From bytes read to bytes written to the same client, of some.', 'answerTimes'],
    ['tined_store_sync_seconds', 'What it takes the writer of the store to have a batch on disk.', 'syncTimes'],
  ] as const
  for (const [name, help, field] of histograms)
    text.histogram(
      name,
      help,
      all.flatMap(({ address, server }): HistogramSample[] => {
        const times = server[field]
        return times === undefined
          ? []
          : [[{ address }, taken(times, field === 'answerTimes' ? LEAST_POWER_OF_ANSWERS : LEAST_POWER)]]
      }),
    )
}

function addProcesses(text: MetricText, all: readonly Named[]): void {
  const labels = ['address', 'role']
  const oldest = (values: readonly number[]): number => Math.max(...values) / MS_PER_S
  const one = ({ pssBytes }: ProcessShot): number | undefined => (pssBytes === undefined ? undefined : 1)
  const pss = perRole(all, ({ pssBytes }) => pssBytes, sum)
  const ages = perRole(all, ({ memoryAgeMs }) => memoryAgeMs, oldest)
  const cpu = all.flatMap(({ address, server }) =>
    Object.entries(server.cpuMs).map(([role, ms]): Sample => [{ address, role }, ms / MS_PER_S]),
  )
  text.gauge(
    'tined_processes',
    'Processes there are.',
    perRole(all, () => 1, sum),
    labels,
  )
  text.counter('tined_process_cpu_seconds_total', 'CPU time, that of reaped processes included.', cpu, labels)
  text.gauge('tined_process_pss_bytes', 'Proportional set size of the processes that were measured.', pss, labels)
  text.gauge('tined_process_pss_measured', 'Processes of which it was measured.', perRole(all, one, sum), labels)
  text.gauge('tined_process_pss_age_seconds', 'Age of the oldest of these measurements.', ages, labels)
}

/** @param isOpenMetrics otherwise the text format of Prometheus */
export function metricsOf(snapshot: Snapshot, isOpenMetrics: boolean): Promise<{ type: string; text: string }> {
  const all = named(snapshot.servers)
  const text = new MetricText(isOpenMetrics)
  const looked: Sample[] = [[{}, snapshot.lookCpuMs / MS_PER_S]]
  text.gauge(
    'tined_connections',
    'Connections that are served.',
    perServer(all, ({ connections }) => connections),
  )
  text.gauge(
    'tined_accept_queue',
    'Clients that wait to be accepted.',
    perServer(all, ({ waiting }) => waiting),
  )
  text.gauge(
    'tined_accept_queue_limit',
    'Clients that may wait to be accepted.',
    perServer(all, ({ waitingLimit }) => waitingLimit),
  )
  text.gauge(
    'tined_warnings',
    'What is wrong, as tined ps says.',
    perServer(all, ({ warnings }) => warnings.length),
  )
  text.gauge('tined_page_look_cpu_seconds', 'CPU time that the last look has taken.', looked, [])
  addTotals(text, all)
  addTimes(text, all)
  addProcesses(text, all)
  return text.finish()
}
