/** Gauges and counters of one moment, as prom-client writes them. */
import { Counter, Gauge, type OpenMetricsContentType, type PrometheusContentType, Registry } from 'prom-client'

export type Sample = readonly [labels: Readonly<Record<string, string>>, value: number]

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

  async finish(): Promise<{ type: string; text: string }> {
    return { type: this.#registry.contentType, text: await this.#registry.metrics() }
  }
}
