import assert from 'node:assert/strict'
import { once } from 'node:events'
import { unwatchFile, watch, watchFile } from 'node:fs'
import { mkdtemp, rm, watch as watchPromise, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Probe } from '../probe.js'

async function inDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'probe-'))
  await use(directory)
  await rm(directory, { recursive: true })
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
        const sizes = await new Promise<[number, number]>((resolve, reject) => {
          watchFile(path, { interval: 20 }, (now, before) => resolve([before.size, now.size]))
          // the watcher must have taken its first look before the change
          setTimeout(() => writeFile(path, 'longer').catch(reject), 100)
        })
        unwatchFile(path)
        assert.deepEqual(sizes, [1, 6])
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
        const watcher = watch(directory, { recursive: true })
        const changed = new Promise<string>((resolve) => watcher.on('change', (_event, name) => resolve(String(name))))
        // the recursive watcher on Linux looks at the tree once before it reports
        setTimeout(() => void writeFile(join(directory, 'deep'), 'x'), 100)
        assert.equal(await changed, 'deep')
        watcher.close()
      }),
  },
]
