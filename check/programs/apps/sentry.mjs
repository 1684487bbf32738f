/** An event for each name, sent to a server that writes down what it gets. */
import * as Sentry from '@sentry/node'

export function open() {
  const dsn = process.env.CHECK_UPSTREAM.replace('http://', 'http://key@')
  Sentry.init({ dsn: `${dsn}/1`, tracesSampleRate: 1 })
}
export async function ask(id) {
  Sentry.captureMessage(`says ${id}.`)
  return (await Sentry.flush(10_000)) ? id : 'not flushed'
}
export const close = () => Sentry.close(10_000)
