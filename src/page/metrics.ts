/** A snapshot as Prometheus and OpenMetrics have it. docs/page.md lists the names. */
import { Counter, Gauge, Registry } from 'prom-client'
import type { ProcessShot, ServerShot, Snapshot } from './shapes.js'

const MS_PER_S = 1000

type Sample = readonly [labels: Record<string, string>, value: number]

/** All addresses of a server are one label: it counts them together. */
const addressOf = ({ listening, supervisor, root }: ServerShot): string =>
  listening.length === 0 ? `process ${supervisor ?? root}` : listening.join(',')

function byRole(
  processes: readonly ProcessShot[],
  of: (process: ProcessShot) => number | undefined,
): Map<string, number[]> {
  const values = new Map<string, number[]>()
  for (const process of processes) {
    const value = of(process)
    if (value !== undefined) values.set(process.role, [...(values.get(process.role) ?? []), value])
  }
  return values
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

class Text {
  readonly registry = new Registry<
    'text/plain; version=0.0.4; charset=utf-8' | 'application/openmetrics-text; version=1.0.0; charset=utf-8'
  >()

  gauge(name: string, help: string, samples: readonly Sample[], labelNames = ['address']): void {
    const gauge = new Gauge({ name, help, labelNames, registers: [this.registry] })
    for (const [labels, value] of samples) gauge.set(labels, value)
  }

  counter(name: string, help: string, samples: readonly Sample[], labelNames = ['address']): void {
    const counter = new Counter({ name, help, labelNames, registers: [this.registry] })
    for (const [labels, value] of samples) counter.inc(labels, value)
  }
}

function addTotals(text: Text, servers: readonly ServerShot[]): void {
  const counted = (name: keyof NonNullable<ServerShot['totals']>): Sample[] =>
    servers.flatMap((server): Sample[] =>
      server.totals === undefined ? [] : [[{ address: addressOf(server) }, server.totals[name]]],
    )
  text.counter('tined_connections_accepted_total', 'Connections that were accepted.', counted('accepted'))
  text.counter('tined_forks_total', 'Processes that the supervisor has forked.', counted('forked'))
  text.counter('tined_received_bytes_total', 'Bytes that came from clients.', counted('bytesRead'))
  text.counter('tined_sent_bytes_total', 'Bytes that went to clients.', counted('bytesWritten'))
  text.counter('tined_messages_total', 'Times that bytes came from clients.', counted('messages'))
  const ends = servers.flatMap((server) =>
    server.endCounts.map(({ role, reason, count }): Sample => [{ address: addressOf(server), role, reason }, count]),
  )
  text.counter('tined_process_ends_total', 'Processes that were reaped.', ends, ['address', 'role', 'reason'])
}

function addProcesses(text: Text, servers: readonly ServerShot[]): void {
  const labels = ['address', 'role']
  const perRole = (of: (process: ProcessShot) => number | undefined, join: (values: number[]) => number): Sample[] =>
    servers.flatMap((server) =>
      [...byRole(server.processes, of)].map(
        ([role, values]): Sample => [{ address: addressOf(server), role }, join(values)],
      ),
    )
  text.gauge(
    'tined_processes',
    'Processes there are.',
    perRole(() => 1, sum),
    labels,
  )
  const cpu = servers.flatMap((server) =>
    Object.entries(server.cpuMs).map(([role, ms]): Sample => [{ address: addressOf(server), role }, ms / MS_PER_S]),
  )
  text.counter('tined_process_cpu_seconds_total', 'CPU time, that of reaped processes included.', cpu, labels)
  const pss = perRole(({ pssBytes }) => pssBytes, sum)
  text.gauge('tined_process_pss_bytes', 'Proportional set size of those processes that were measured.', pss, labels)
  const measured = perRole(({ pssBytes }) => (pssBytes === undefined ? undefined : 1), sum)
  text.gauge('tined_process_pss_measured', 'Processes of which it was measured.', measured, labels)
  const ages = perRole(
    ({ memoryAgeMs }) => memoryAgeMs,
    (values) => Math.max(...values) / MS_PER_S,
  )
  text.gauge('tined_process_pss_age_seconds', 'Age of the oldest of these measurements.', ages, labels)
}

/** @param wantsOpenMetrics otherwise the format of Prometheus */
export async function metricsOf(
  { servers, lookCpuMs }: Snapshot,
  wantsOpenMetrics: boolean,
): Promise<{ type: string; text: string }> {
  const text = new Text()
  if (wantsOpenMetrics) text.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
  const now = (of: (server: ServerShot) => number | undefined): Sample[] =>
    servers.flatMap((server): Sample[] => {
      const value = of(server)
      return value === undefined ? [] : [[{ address: addressOf(server) }, value]]
    })
  text.gauge(
    'tined_connections',
    'Connections that are served.',
    now(({ connections }) => connections),
  )
  text.gauge(
    'tined_accept_queue',
    'Clients that wait to be accepted.',
    now(({ waiting }) => waiting),
  )
  text.gauge(
    'tined_warnings',
    'What is wrong, as tined ps says.',
    now(({ warnings }) => warnings.length),
  )
  text.gauge('tined_page_look_cpu_seconds', 'CPU time that the last look has taken.', [[{}, lookCpuMs / MS_PER_S]], [])
  addTotals(text, servers)
  addProcesses(text, servers)
  return { type: text.registry.contentType, text: await text.registry.metrics() }
}
