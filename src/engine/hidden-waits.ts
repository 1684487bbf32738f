/**
 * Waits that only V8 knows of: nothing in Node's loop tells of them. Whoever begins one in a process that does not run that loop is
 * noticed here.
 */
import { replaceMethod } from './replace-method.js'

let begun = false
let watched = false

/** Whether one has begun in this process, or in one that it was forked from since `watchHiddenWaits`. */
export const hiddenWaitBegan = (): boolean => begun

/** Replaces what begins one, here and in all that is forked from here. */
export function watchHiddenWaits(): void {
  begun = false
  if (watched) return
  watched = true
  watchCalls(Atomics, ['waitAsync'])
  const { WebAssembly } = globalThis as unknown as { WebAssembly: object }
  watchCalls(WebAssembly, ['compile', 'instantiate', 'compileStreaming', 'instantiateStreaming'])
}

function watchCalls(object: object, names: readonly string[]): void {
  for (const name of names)
    if (name in object)
      replaceMethod(
        object,
        name,
        (original) =>
          function (this: unknown, ...args: unknown[]): unknown {
            begun = true
            return Reflect.apply(original, this, args)
          },
      )
}
