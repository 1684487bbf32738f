/** The file of a unix socket is removed where nobody listens any more, and never where somebody does or is about to. */
import assert from 'node:assert/strict'
import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { SOCK_CLOEXEC, SOCK_STREAM } from '../../src/libc/constants.js'
import { close } from '../../src/libc/fd.js'
import { bind, socket } from '../../src/libc/socket.js'
import { openListener } from '../../src/server/listen.js'
import { fixture, Program } from '../harness/program.js'
import { until } from '../harness/until.js'

const folder = mkdtempSync(join(tmpdir(), 'tined-stale-'))
after(() => rmSync(folder, { recursive: true }))

const options = { backlog: 16, keepAliveMs: 0, keepAliveIntervalMs: 1000, keepAliveProbes: 6, noDelay: true }
const at = (name: string) => ({ family: 'unix', path: join(folder, name) }) as const
const open = (name: string): number => openListener(at(name), options).fd

/** Bound, and not listening. */
function bound(name: string): number {
  const fd = socket(at(name), SOCK_STREAM | SOCK_CLOEXEC)
  bind(fd, at(name))
  return fd
}

test('one that a server has left is removed', () => {
  close(bound('left'))
  close(open('left'))
  close(open('left'))
})

test('one of a server that has bound it and does not listen yet is in use', () => {
  const starting = bound('starting')
  const { ino } = lstatSync(at('starting').path)
  assert.throws(() => open('starting'), /EADDRINUSE/)
  assert.equal(lstatSync(at('starting').path).ino, ino)
  close(starting)
})

test('one of a server that listens is in use; a file that is none is left alone', () => {
  const listening = open('listening')
  assert.throws(() => open('listening'), /EADDRINUSE/)
  close(listening)
  writeFileSync(at('file').path, 'precious')
  assert.throws(() => open('file'), /EADDRINUSE/)
})

const PROGRAMS = 4
const PATHS = 100
/** A busy machine may need seconds for that. */
const PATIENCE_MS = 20_000

test('of programs that start at the same moment one has a path, whatever was left there', async () => {
  for (let place = 0; place < PATHS; place++) close(bound(String(place)))
  const { file } = fixture('same-path.js')
  const programs = Array.from({ length: PROGRAMS }, () => new Program({ file, args: [folder, String(PATHS)] }))
  try {
    for (const program of programs) await program.printed('here\n')
    for (const { child } of programs) child.stdin?.write('go\n')
    const won = await Promise.all(
      programs.map((program) => until('it has tried', () => /^won (.*)$/m.exec(program.stdout)?.[1], PATIENCE_MS)),
    )
    const servers = won.flatMap((places) => JSON.parse(places) as number[]).sort((one, other) => one - other)
    assert.deepEqual(
      servers,
      Array.from({ length: PATHS }, (_, place) => place),
    )
    for (const place of servers) await reaches(String(place))
  } finally {
    for (const { child } of programs) child.stdin?.end()
    for (const program of programs) assert.equal((await program.finished()).code, 0, program.stderr)
  }
})

function reaches(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = net.connect(at(name).path, () => {
      client.destroy()
      resolve()
    })
    client.once('error', reject)
  })
}
