/** A span for each name, exported to a collector that writes down what it gets. */
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'

let provider
export function open() {
  const exporter = new OTLPTraceExporter({ url: `${process.env.CHECK_UPSTREAM}/v1/traces` })
  provider = new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
  provider.register()
}
export async function ask(id) {
  const answer = trace.getTracer('check').startActiveSpan(`says ${id}.`, (span) => {
    span.end()
    return id
  })
  await provider.forceFlush()
  return answer
}
export const close = () => provider.shutdown()
