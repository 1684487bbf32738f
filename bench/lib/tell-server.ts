/** Told to a server once it has started, before it is measured. */
import { connect } from 'node:net'
import { until } from './deadline.js'

const START_MS = 10_000

/** Sends it on a connection of its own, each part once the answer to the one before ends with `end`; again where it is too early. */
export const tell = (port: number, parts: readonly (Buffer | string)[], end: string): Promise<void> =>
  until(
    () =>
      tellOnce(port, parts, end).then(
        () => true as const,
        () => undefined,
      ),
    START_MS,
    'preparing',
  ).then(() => {})

function tellOnce(port: number, parts: readonly (Buffer | string)[], end: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let left = [...parts]
    let got = ''
    const next = (): void => {
      got = ''
      const [part, ...rest] = left
      if (part === undefined) socket.end(resolve)
      else socket.write(part)
      left = rest
    }
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1')
      if (got.endsWith(end)) next()
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('the server closed the connection')))
    socket.on('connect', next)
  })
}
