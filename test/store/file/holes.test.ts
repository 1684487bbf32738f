/** A power cut: any page of the last batch may be missing, which is put in order; damage of what was on disk is not. From a seed. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Durability } from '../../../src/store/durability.js'
import { formats } from '../../../src/store/file/formats/index.js'
import { recover } from '../../../src/store/file/recovery.js'
import { openStoreFile } from '../../../src/store/file/store-file.js'
import { examineTail } from '../../../src/store/file/tail.js'
import { Batch } from '../../../src/store/writer/batch.js'
import { withFolder } from '../../harness/folder.js'

const PAGE = 4096
const sender = { connection: 1, pid: 1, name: 'r-1', peer: 'p' }

/** Files of many batches, from a seed. */
function maker(seed: number, durability: Durability = 'disk') {
  let state = seed
  const random = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    return Math.floor((state / 0x7fffffff) * below)
  }
  /** Batches as they were written one after another, the first record after number `seq`. */
  const batches = (count: number, seq = 0): Buffer[] => {
    const batch = new Batch(formats.ndjson, seq, durability)
    let n = 0
    return Array.from({ length: count }, () => {
      for (let left = 1 + random(40); left > 0; left--) batch.add(sender, ++n, Buffer.alloc(random(1500), 'x'))
      const bytes = Buffer.from(batch.bytes)
      batch.clear(batch.count)
      return bytes
    })
  }
  return { random, batches }
}

/** What a power cut leaves of a file of which all up to `synced` was on disk: pages in any order, and a length up to the last of them. */
function powerCut(bytes: Buffer, synced: number, random: (below: number) => number): Buffer {
  const left = Buffer.from(bytes)
  for (let page = Math.floor(synced / PAGE) * PAGE; page < left.length; page += PAGE)
    if (random(3) === 0) left.fill(0, Math.max(page, synced), Math.min(page + PAGE, left.length))
  return random(2) === 0 ? left : left.subarray(0, synced + random(left.length - synced + 1))
}

test('holes in the last batch are cut with what is behind them, wherever they are; what was synced stays', async () => {
  await withFolder(async (folder) => {
    let holed = 0
    for (let seed = 1; seed <= 150; seed++) {
      const { random, batches } = maker(seed)
      const before = random(5) === 0 ? 0 : 1 + random(4)
      // a file that others came before begins with another number
      const first = random(2) * 1000
      const all = batches(before + 1, first)
      const synced = Buffer.concat(all.slice(0, before))
      const path = join(folder, `${seed}.ndjson`)
      const cut = powerCut(Buffer.concat(all), synced.length, random)
      writeFileSync(path, cut)
      if (cut.indexOf('}\n', cut.indexOf('\0') + 1) > 0 && cut.includes(0)) holed++
      const file = openStoreFile(path)
      const { seq } = recover(file, formats.ndjson)
      const found = readFileSync(path)
      assert.ok(found.length >= synced.length, `seed ${seed}: all that was synced is there`)
      assert.ok(found.equals(Buffer.concat(all).subarray(0, found.length)), `seed ${seed}: as it was written`)
      const records = found.toString().split('\n').length - 1
      if (found.length > 0) assert.equal(seq, first + records, `seed ${seed}: where numbers go on`)
      const again = recover(file, formats.ndjson)
      assert.deepEqual(again, { seq: found.length > 0 ? seq : 0, note: undefined }, `seed ${seed}: it is in order`)
      file.close()
    }
    assert.ok(holed > 40, `${holed} had a hole before whole records`)
  })
})

test('damage of what was on disk is no hole: the file is refused', async () => {
  await withFolder(async (folder) => {
    for (let seed = 1; seed <= 100; seed++) {
      const { random, batches } = maker(seed)
      const all = batches(3)
      const [one, two, three] = all as [Buffer, Buffer, Buffer]
      const bytes = Buffer.concat(all)
      const at = random(one.length + two.length)
      bytes[at] = bytes[at] === 0 ? 1 : 0
      const path = join(folder, `${seed}.ndjson`)
      writeFileSync(path, bytes)
      const file = openStoreFile(path)
      const tail = (): unknown => examineTail(path, file.fd, formats.ndjson)
      assert.throws(tail, { name: 'StoreError', message: /is damaged, and whole ones follow/ }, `seed ${seed}`)
      const whole = three.subarray(0, three.indexOf('\n') + 1)
      writeFileSync(path, Buffer.concat([one, two, whole, Buffer.from('foreign\n'), three.subarray(whole.length)]))
      if (three.length > whole.length) assert.throws(tail, { name: 'StoreError' }, `seed ${seed}: a line in between`)
      file.close()
    }
  })
})

test('a first batch of which no record is whole is cut; what somebody else has made is not', async () => {
  await withFolder(async (folder) => {
    const path = join(folder, 'm.ndjson')
    const examine = (content: string | Buffer): number => {
      writeFileSync(path, content)
      const file = openStoreFile(path)
      try {
        return examineTail(path, file.fd, formats.ndjson).whole
      } finally {
        file.close()
      }
    }
    for (let seed = 1; seed <= 100; seed++) {
      const { random, batches } = maker(seed)
      const [batch] = batches(1) as [Buffer]
      // each record loses bytes, some of them the first ones
      let from = 0
      for (let end = batch.indexOf('\n'); end >= 0; end = batch.indexOf('\n', from)) {
        const at = from + random(end - from)
        batch.fill(0, random(2) === 0 ? from : at, at + 1)
        from = end + 1
      }
      assert.equal(examine(batch), 0, `seed ${seed}`)
    }
    // of one large record the first sectors were not written, nor was its end
    assert.equal(examine(Buffer.concat([Buffer.alloc(512), Buffer.from('x'.repeat(700))])), 0)
    assert.throws(() => examine(Buffer.concat([Buffer.alloc(512), Buffer.from('\x01x')])), { name: 'StoreError' })
    for (const foreign of [
      '{"seq":1,"mine":true}\n{"seq":2}\n',
      '\0\0\0\0\x01\x02ELF\n\0\n',
      '\0\0\0text\nand more\n',
      'notes\0\n',
    ])
      assert.throws(() => examine(foreign), /not a store of messages/, JSON.stringify(foreign))
  })
})

test('where nothing is synced, all batches since the start are cut from the first hole on', async () => {
  await withFolder(async (folder) => {
    for (let seed = 1; seed <= 50; seed++) {
      const { random, batches } = maker(seed, 'os')
      const all = Buffer.concat(batches(4))
      const path = join(folder, `${seed}.ndjson`)
      writeFileSync(path, powerCut(all, 0, random))
      const file = openStoreFile(path)
      recover(file, formats.ndjson)
      const found = readFileSync(path)
      assert.ok(found.equals(all.subarray(0, found.length)), `seed ${seed}: as it was written`)
      assert.ok(found.length === 0 || found.at(-1) === 10, `seed ${seed}: whole records`)
      file.close()
    }
  })
})
