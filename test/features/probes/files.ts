import assert from 'node:assert/strict'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import {
  access,
  cp,
  mkdir,
  mkdtemp,
  open,
  opendir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Probe } from '../probe.js'

/** Hands `use` a directory that exists as long as it runs. */
async function inDirectory(use: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'probe-'))
  await use(directory)
  await rm(directory, { recursive: true })
}

export const probes: Probe[] = [
  {
    name: 'synchronous calls write, read and remove',
    run() {
      const directory = mkdtempSync(join(tmpdir(), 'probe-'))
      writeFileSync(join(directory, 'a'), 'synchronous')
      assert.equal(readFileSync(join(directory, 'a'), 'utf8'), 'synchronous')
      rmSync(directory, { recursive: true })
      assert.equal(existsSync(directory), false)
    },
  },
  {
    name: 'promises write, rename, link and stat',
    run: () =>
      inDirectory(async (directory) => {
        await writeFile(join(directory, 'a'), 'four')
        await rename(join(directory, 'a'), join(directory, 'b'))
        await symlink('b', join(directory, 'c'))
        assert.equal(await readFile(join(directory, 'c'), 'utf8'), 'four')
        assert.equal((await stat(join(directory, 'c'))).size, 4)
        assert.deepEqual((await readdir(directory)).sort(), ['b', 'c'])
      }),
  },
  {
    name: 'errors have their codes',
    async run() {
      await assert.rejects(access('/nonexistent/file'), { code: 'ENOENT', syscall: 'access' })
      await assert.rejects(readFile('/'), { code: 'EISDIR' })
      assert.throws(() => readFileSync('/nonexistent'), { code: 'ENOENT' })
    },
  },
  {
    name: 'streams copy a megabyte',
    run: () =>
      inDirectory(async (directory) => {
        const [from, to] = [join(directory, 'from'), join(directory, 'to')]
        await writeFile(from, Buffer.alloc(1 << 20, 'abc'))
        await pipeline(createReadStream(from), createWriteStream(to))
        assert.ok((await readFile(to)).equals(await readFile(from)))
      }),
  },
  {
    name: '64 requests at once go through the thread pool',
    run: () =>
      inDirectory(async (directory) => {
        await Promise.all(Array.from({ length: 64 }, (_, index) => writeFile(join(directory, `${index}`), `${index}`)))
        const read = await Promise.all(
          Array.from({ length: 64 }, (_, index) => readFile(join(directory, `${index}`), 'utf8')),
        )
        assert.deepEqual(read, [...Array(64).keys()].map(String))
      }),
  },
  {
    name: 'a FileHandle appends, syncs and reads lines',
    run: () =>
      inDirectory(async (directory) => {
        const file = await open(join(directory, 'lines'), 'a+')
        await file.write('one\n')
        await file.appendFile('two\n')
        await file.datasync()
        await file.close()
        const lines: string[] = []
        for await (const line of (await open(join(directory, 'lines'))).readLines()) lines.push(line)
        assert.deepEqual(lines, ['one', 'two'])
      }),
  },
  {
    name: 'directories are made, copied and walked recursively',
    run: () =>
      inDirectory(async (directory) => {
        await mkdir(join(directory, 'a/b/c'), { recursive: true })
        await writeFile(join(directory, 'a/b/c/leaf'), 'x')
        await cp(join(directory, 'a'), join(directory, 'copy'), { recursive: true })
        const names: string[] = []
        for await (const entry of await opendir(join(directory, 'copy'), { recursive: true })) names.push(entry.name)
        assert.deepEqual(names.sort(), ['b', 'c', 'leaf'])
      }),
  },
]
