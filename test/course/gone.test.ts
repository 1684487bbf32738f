/** Nobody reads any more what the programs of the course write: both versions go on, or end, as if nothing were. */
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import net from 'node:net'
import { after } from 'node:test'
import type { Client } from '../harness/client.js'
import { statOf } from '../harness/proc.js'
import { until } from '../harness/until.js'
import { compare } from './compare.js'
import { connect, echoed, leave, stop, stored } from './talking.js'

/** Breaks off at the first word. */
const rude = net.createServer((socket) => socket.on('data', () => socket.resetAndDestroy()))
await once(rude.listen(0, '127.0.0.1'), 'listening')
after(() => rude.close())
const rudePort = (rude.address() as net.AddressInfo).port

/** What the programs read at once. */
const BUFFER_BYTES = 1024
const FLOOD_BYTES = 8 * BUFFER_BYTES

/**
 * Sends more than the server reads at once, and breaks off before it reads any of it: it has to write to a client that is
 * gone, several times.
 */
async function breakOff(client: Client, pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP')
  await until('it stands still', () => statOf(pid)?.state === 'T')
  const closed = once(client.socket, 'close')
  await new Promise((resolve) => client.socket.write('x'.repeat(FLOOD_BYTES), resolve))
  client.reset()
  await closed
  process.kill(pid, 'SIGCONT')
}

compare('the other end is gone', [
  {
    program: 'echo_storeserv',
    when: 'after its last message',
    args: ['0', 'FILE', '3'],
    observe: async (run) => {
      const one = await connect(run)
      const two = await connect(run)
      await run.children(3)
      let text = ''
      for (const line of ['one\n', 'two\n', 'three\n']) {
        await echoed(one, line)
        text += line
        await stored(run, text)
      }
      await until('the writer is removed', () => run.stdout.includes('removed child'))
      const three = await connect(run)
      for (let round = 0; round < 3; round++) for (const client of [one, two, three]) await echoed(client, 'too late\n')
      await leave(one, run, 'removed child', 2)
      await leave(two, run, 'removed child', 3)
      await leave(three, run, 'removed child', 4)
      const zombies = await run.zombies(0)
      stop(run)
      return { zombies, file: readFileSync(run.file, 'utf8') }
    },
    expected: {
      output: [
        'listening on 127.0.0.1:N',
        'new client',
        'new client',
        'stored 3 messages',
        'removed child PID',
        'new client',
        'client gone',
        'removed child PID',
        'client gone',
        'removed child PID',
        'client gone',
        'removed child PID',
      ],
      zombies: 0,
      file: 'one\ntwo\nthree\n',
      end: 'SIGTERM',
    },
  },
  {
    program: 'echo_storeserv',
    when: 'whose client breaks off',
    args: ['0', 'FILE', '3'],
    unordered: true,
    observe: async (run) => {
      await run.port()
      const writer = await run.children(1)
      const client = await connect(run)
      const both = await run.children(2)
      await breakOff(client, both.find((pid) => !writer.includes(pid)) ?? 0)
      await until('both are removed', () => run.stdout.split('removed child').length - 1 === 2)
      const zombies = await run.zombies(0)
      stop(run)
      return { zombies, bytes: statSync(run.file).size }
    },
    expected: {
      output: [
        'client gone',
        'listening on 127.0.0.1:N',
        'new client',
        'removed child PID',
        'removed child PID',
        'stored 3 messages',
      ],
      zombies: 0,
      bytes: 3 * BUFFER_BYTES,
      end: 'SIGTERM',
    },
  },
  {
    program: 'echo_mpserv',
    when: 'whose client breaks off',
    args: ['0'],
    observe: async (run) => {
      const client = await connect(run)
      await echoed(client, 'one\n')
      client.reset()
      await run.printed('removed child')
      stop(run)
      return {}
    },
    expected: {
      output: ['listening on 127.0.0.1:N', 'new client', 'client gone', 'removed child PID'],
      end: 'SIGTERM',
    },
  },
  {
    program: 'echo_selectserv',
    when: 'whose client breaks off',
    args: ['0'],
    observe: async (run) => {
      const other = await connect(run)
      await echoed(other, 'one\n')
      const client = await connect(run)
      await echoed(client, 'two\n')
      await breakOff(client, run.pid)
      await run.printed('closed')
      await echoed(other, 'and again\n')
      await leave(other, run, 'closed', 2)
      stop(run)
      return {}
    },
    expected: {
      output: [
        'listening on 127.0.0.1:N',
        'connected: descriptor N',
        'connected: descriptor N',
        'closed: descriptor N',
        'closed: descriptor N',
      ],
      end: 'SIGTERM',
    },
  },
  {
    program: 'echo_mpclient',
    when: 'whose server breaks off',
    args: [String(rudePort)],
    observe: async (run) => {
      run.type('hello\n')
      await run.printed('closed too')
      run.endInput()
      return {}
    },
    expected: { output: ['the server has closed too'], end: 'status 0' },
  },
])
