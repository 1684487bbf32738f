/** `tined store verify` and `tined store export`: what a store's file has, and what is wrong with it. */
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { withFolder } from '../harness/folder.js'
import { Program, runToEnd, tined } from '../harness/program.js'
import { stored } from '../harness/store.js'

test('store verify and store export: what is wrong, and the lines as they were sent', async () => {
  await withFolder(async (folder) => {
    const sent = [Buffer.from('one\ntwo\n'), Buffer.from([0x1b, 0xff, 0x0a])]
    const file = await stored(folder, ...sent)
    const verified = await runToEnd(tined('store', 'verify', file))
    assert.match(
      verified.stdout,
      /^3 messages, 8 bytes\nnumbers 1 to 3, of 2 connections\nstored from .*\nnothing is wrong\n$/,
    )
    assert.deepEqual([verified.code, verified.stderr], [0, ''])
    const exported = new Program(tined('store', 'export', file))
    const bytes: Buffer[] = []
    exported.child.stdout?.on('data', (chunk: Buffer) => bytes.push(chunk))
    await exported.finished()
    assert.deepEqual(Buffer.concat(bytes), Buffer.concat(sent))
    const [, offset = ''] = /^next: --after (\S+)\n$/.exec(exported.stderr) ?? []
    assert.deepEqual((await runToEnd(tined('store', 'export', file, '--after', offset))).stdout, '')
    const [first = '', second = '', third = ''] = readFileSync(file, 'latin1').split(/(?<=\n)/)
    writeFileSync(file, `${first}${second.replace('two', 'tow')}${third}${third}`, 'latin1')
    const { stdout, stderr, code } = await runToEnd(tined('store', 'verify', file))
    assert.match(stdout, /\n4 faults, see above\n$/)
    assert.match(
      stderr,
      /line 2, byte \d+: damaged record.*\n.*number 3 comes after 1\n.*number 3 comes after 3\n.*comes after its 1\n$/,
    )
    assert.equal(code, 111)
    const missing = await runToEnd(tined('store', 'export', file))
    assert.deepEqual([missing.stdout.split('\n')[0], missing.code], ['one', 111])
    assert.match(missing.stderr, /damaged record.*\n.*messages 2 to 2 are missing\n/)
    const { file: command } = tined()
    const typed = `exec ${process.execPath} ${command} store export ${file}`
    const terminal = await runToEnd({ file: 'script', args: ['-qec', typed, '/dev/null'], native: true })
    assert.match(terminal.stdout, /fatal: .* standard output is a terminal, and messages may have bytes that act on it/)
    assert.equal(terminal.code, 100)
  })
})
