/** Being told before Node starts the thread of a Worker, the program's or its own: whoever has made one may wait for it at once. */
import { internalBinding } from './internals.js'
import { replaceMethod } from './replace-method.js'

interface WorkerBinding {
  Worker: { prototype: { startThread(): unknown } }
}

let tell: () => void = () => {}
let watched = false

/**
 * Calls `told` before each, here and in all that is forked from here.
 *
 * @throws {Error} when this Node is made in another way than we know
 */
export function beforeWorkersStart(told: () => void): void {
  tell = told
  if (watched) return
  const { prototype } = (internalBinding('worker') as WorkerBinding).Worker
  if (typeof prototype?.startThread !== 'function') throw new Error("Node's Workers are not what we take them for")
  replaceMethod(
    prototype,
    'startThread',
    (original) =>
      function (this: unknown): unknown {
        tell()
        return Reflect.apply(original, this, [])
      },
  )
  watched = true
}
