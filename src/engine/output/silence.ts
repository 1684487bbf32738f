/** A stream of Node's that was forked together with bytes that wait in it: they are the parent's to write. */
import type { Writable } from 'node:stream'

interface Handle {
  close(): void
  [owner: symbol]: unknown
}

/**
 * Makes `old` forget what it holds, and a name for `own`: whoever has kept it goes on with that.
 *
 * libuv's own queue goes with the handle. It does not close standard streams, so the descriptor stays; of the writes that are
 * cancelled Node tells the owner, unless that is destroyed.
 *
 * @param hasLoop whether the loop is this process's own. As long as it is the parent's, they share an epoll descriptor, and a handle that is
 *   closed is taken out of it: the parent would wait for ever for its pipe to have room. Nothing of the queue is written then either,
 *   as the loop does not run.
 */
export function silence(old: Writable, own: Writable, hasLoop: boolean): void {
  const { _handle: handle } = old as Writable & { _handle?: Handle | null }
  const swallow = (...args: unknown[]): void => (args.at(-1) as () => void)()
  Object.assign(old, { _write: swallow, _writev: swallow, write: own.write.bind(own), end: own.end.bind(own) })
  if (!hasLoop) return
  const owner = Object.getOwnPropertySymbols(handle ?? {}).find(({ description }) => description === 'owner_symbol')
  if (!handle || owner === undefined) return
  handle[owner] = { destroyed: true }
  handle.close()
}
