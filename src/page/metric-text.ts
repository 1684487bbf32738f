/** Gauges and counters of one moment, as prom-client writes them. */
import {
  Counter,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  type PrometheusContentType,
  Registry,
} from 'prom-client'

export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number]

/** @property bounds upper ones, but for the last of the counts, which has none */
export type HistogramSample = readonly [
  labels: Readonly<Record<string, string>>,
  taken: { bounds: readonly number[]; counts: readonly number[]; sum: number },
]

export class MetricText {
  readonly #registry = new Registry<PrometheusContentType | OpenMetricsContentType>()

  constructor(isOpenMetrics: boolean) {
    this.#registry.setContentType(isOpenMetrics ? Registry.OPENMETRICS_CONTENT_TYPE : Registry.PROMETHEUS_CONTENT_TYPE)
  }

  gauge(name: string, help: string, samples: readonly Sample[], labelNames = ['address']): void {
    const gauge = new Gauge({ name, help, labelNames, registers: [this.#registry] })
    for (const [labels, value] of samples) gauge.set({ ...labels }, value)
  }

  counter(name: string, help: string, samples: readonly Sample[], labelNames = ['address']): void {
    const counter = new Counter({ name, help, labelNames, registers: [this.#registry] })
    for (const [labels, value] of samples) counter.inc({ ...labels }, value)
  }

  /** Of what was counted elsewhere: prom-client itself counts only what it is told of one by one. */
  histogram(name: string, help: string, samples: readonly HistogramSample[], labelNames = ['address']): void {
    const histogram = new Histogram({ name, help, labelNames, buckets: [], registers: [] })
    const values = samples.flatMap(([labels, { bounds, counts, sum }]) => {
      let count = 0
      const buckets = counts.map((more, place) => {
        count += more
        return { metricName: `${name}_bucket`, labels: { ...labels, le: `${bounds[place] ?? '+Inf'}` }, value: count }
      })
      const whole = [['_sum', sum] as const, ['_count', count] as const]
      return [...buckets, ...whole.map(([suffix, value]) => ({ metricName: name + suffix, labels, value }))]
    })
    const found = { help, name, type: 'histogram', values, aggregator: 'sum' }
    this.#registry.registerMetric(
      Object.assign(histogram, { get: async () => found, getForPromString: async () => found }) as Histogram,
    )
  }

  async finish(): Promise<{ type: string; text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() }
  }
}
