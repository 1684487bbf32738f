/** Node's loop in a process that has not run it yet, and may never: made its own when something needs it to be. */
import fs from 'node:fs'
import { whilePoolIsSilent } from '../engine/handles.js'
import { uv_loop_fork } from '../engine/loop.js'
import { publishReplacements, replaceMethod } from '../engine/replace-method.js'

let own = true
let watched = false

/** Called where processes are forked from: theirs is not their own at first. */
export function loopIsToBeOwn(): void {
  own = false
  if (watched) return
  watched = true
  // what changes before the loop is their own would not be told: inotify is made anew then
  for (const object of [fs, fs.promises])
    replaceMethod(
      object,
      'watch',
      (original) =>
        function (this: unknown, ...args: unknown[]): unknown {
          ownLoop()
          return Reflect.apply(original, this, args)
        },
    )
  publishReplacements()
}

/** Once. What has begun in it goes on when it runs. */
export function ownLoop(): void {
  if (own) return
  own = true
  whilePoolIsSilent(uv_loop_fork)
}
