import assert from 'node:assert/strict'
import { once } from 'node:events'
import { unwatchFile, watch, watchFile } from 'node:fs'
import { appendFile, mkdir, mkdtemp, rm, watch as watchPromise, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Probe } from '../probe.js'

async function inDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'probe-'))
  await use(directory)
  await rm(directory, { recursive: true })
}

/** Writes again and again, since a watcher takes its first look at a time of its own. */
async function whileWriting<T>(write: () => Promise<void>, reported: Promise<T>): Promise<T> {
  const repeat = setInterval(write, 30)
  const result = await reported
  clearInterval(repeat)
  await write()
  return result
}

export const probes: Probe[] = [
  {
    name: 'fs.watch reports a new file',
    run: () =>
      inDirectory(async (directory) => {
        const watcher = watch(directory)
        const changed = once(watcher, 'change')
        await writeFile(join(directory, 'new'), 'x')
        assert.deepEqual(await changed, ['rename', 'new'])
        watcher.close()
      }),
  },
  {
    name: 'fs.watchFile reports a changed size',
    run: () =>
      inDirectory(async (directory) => {
        const path = join(directory, 'watched')
        await writeFile(path, 'x')
        const growth = await whileWriting(
          () => appendFile(path, 'more'),
          new Promise<number>((resolve) =>
            watchFile(path, { interval: 20 }, (now, before) => resolve(now.size - before.size)),
          ),
        )
        unwatchFile(path)
        assert.ok(growth > 0 && growth % 4 === 0, `${growth} bytes`)
      }),
  },
  {
    name: 'fs.promises.watch iterates until it is aborted',
    run: () =>
      inDirectory(async (directory) => {
        const stop = new AbortController()
        const iterate = async (): Promise<string> => {
          for await (const { filename } of watchPromise(directory, { signal: stop.signal })) return String(filename)
          return 'nothing'
        }
        const seen = iterate()
        await writeFile(join(directory, 'file'), 'x')
        assert.equal(await seen, 'file')
        stop.abort()
        await assert.rejects(iterate(), { name: 'AbortError' })
      }),
  },
  {
    name: 'fs.watch sees a directory tree recursively',
    run: () =>
      inDirectory(async (directory) => {
        await mkdir(join(directory, 'deep'))
        const watcher = watch(directory, { recursive: true })
        const changed = new Promise<string>((resolve) => watcher.on('change', (_event, name) => resolve(String(name))))
        const name = await whileWriting(() => writeFile(join(directory, 'deep', 'leaf'), 'x'), changed)
        assert.match(name, /^deep(\/leaf)?$/)
        watcher.close()
      }),
  },
]
