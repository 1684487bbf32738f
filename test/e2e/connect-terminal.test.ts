/** `tined connect` at a terminal: lines, Ctrl-D, Ctrl-C. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { type Listening, listening } from '../harness/listening.js'
import { childrenOf, titleOf } from '../harness/proc.js'
import { type Launch, tined } from '../harness/program.js'
import { type Talk, withTalk } from '../harness/talk.js'
import { until } from '../harness/until.js'

/** Runs its arguments in a terminal of their own, then shows how the terminal was left. What comes on standard input is typed. */
const inTerminal = ['sh', '-c', 'exec script -qfec "trap : INT; $*; echo status \\$?; stty -a" /dev/null', 'sh']
const skip = spawnSync('script', ['--version']).status === 0 ? false : 'script(1) is not installed'

const atTerminal = (server: Listening): Launch => ({ ...tined('connect', server.address), under: inTerminal })

/** Both processes are there: what is typed now reaches the writer. */
async function ready(talk: Talk): Promise<void> {
  await talk.printed('Ctrl-C leaves')
  const below = (pid: number): number[] => childrenOf(pid).flatMap((child) => [child, ...below(child)])
  await until('the writer', () => below(talk.pid).some((pid) => titleOf(pid).startsWith('tined: writer')))
}

test('a line is edited, sent and answered; Ctrl-D ends our side and the server has the last word', {
  skip,
}, async () => {
  const server = await listening((socket) => {
    socket.on('data', (chunk) => socket.write(`you said ${chunk}`))
    socket.on('end', () => socket.end('goodbye\n'))
  })
  await withTalk(atTerminal(server), async (talk) => {
    await ready(talk)
    talk.type('helxx\x7f\x7flo\n')
    await talk.printed('you said hello\r\n')
    talk.type('\x04')
    await talk.printed('goodbye')
    await talk.printed('status 0')
    await talk.printed(' icanon ')
  })
  server.close()
})

test('Ctrl-C leaves at once, both processes, with the terminal as it was', { skip }, async () => {
  const server = await listening((socket) => void socket.pipe(socket))
  await withTalk(atTerminal(server), async (talk) => {
    await ready(talk)
    talk.type('\x03')
    await talk.printed('status 130')
    await talk.printed(' icanon ')
    assert.match(talk.stdout, /\bisig icanon .* echo /s)
  })
  server.close()
})

test('when the server ends, so does the client', { skip }, async () => {
  const server = await listening((socket) => void socket.end('closing time\n'))
  await withTalk(atTerminal(server), async (talk) => {
    await talk.printed('closing time')
    await talk.printed('closed by the server')
    await talk.printed('status 0')
  })
  server.close()
})
