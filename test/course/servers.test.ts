/** The echo servers and the client of the course notes: the C version and the TypeScript behave the same. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import net from 'node:net'
import { after, before } from 'node:test'
import { until } from '../harness/until.js'
import { compare } from './compare.js'
import { heldBy, prepareHeld } from './held.js'
import { connect, echoed, leave, stop, stored } from './talking.js'

/** Echoes, and says farewell after the client has ended its side: only a client that half-closes hears it. */
const polite = net.createServer({ allowHalfOpen: true }, (socket) => {
  socket.on('data', (chunk) => socket.write(chunk))
  socket.on('end', () => socket.end('farewell\n'))
})
await once(polite.listen(0, '127.0.0.1'), 'listening')
after(() => polite.close())
const politePort = (polite.address() as net.AddressInfo).port

before(prepareHeld)

compare('echo servers', [
  {
    program: 'echo_mpserv',
    args: ['0'],
    observe: async (run) => {
      const one = await connect(run)
      await echoed(one, 'one\n')
      const two = await connect(run)
      await echoed(two, 'two\n')
      const children = await run.children(2)
      const held = {
        parent: await heldBy(run, run.pid, { sockets: 1 }),
        child: await heldBy(run, children[0] ?? 0, { sockets: 1 }),
      }
      await leave(one, run, 'removed child', 1)
      await echoed(two, 'and again\n')
      await leave(two, run, 'removed child', 2)
      const zombies = await run.zombies(0)
      stop(run)
      return { ...held, zombies }
    },
    expected: {
      output: [
        'listening on 127.0.0.1:N',
        'new client',
        'new client',
        'client gone',
        'removed child PID',
        'client gone',
        'removed child PID',
      ],
      parent: { sockets: 1, pipes: 0, files: 0 },
      child: { sockets: 1, pipes: 0, files: 0 },
      zombies: 0,
      end: 'SIGTERM',
    },
  },
  {
    program: 'echo_storeserv',
    args: ['0', 'FILE', '3'],
    observe: async (run) => {
      const one = await connect(run)
      const two = await connect(run)
      await echoed(one, 'one\n')
      await run.children(3)
      await stored(run, 'one\n')
      await echoed(two, 'two\n')
      await stored(run, 'one\ntwo\n')
      const parent = await heldBy(run, run.pid, { sockets: 1, pipes: 1 })
      await echoed(one, 'three\n')
      await until('the writer is removed', () => run.stdout.includes('removed child'))
      // nobody stores any more, and both go on echoing
      for (const client of [one, two, one]) await echoed(client, 'and again\n')
      await leave(one, run, 'removed child', 2)
      await leave(two, run, 'removed child', 3)
      const zombies = await run.zombies(0)
      stop(run)
      return { parent, zombies, file: readFileSync(run.file, 'utf8') }
    },
    expected: {
      output: [
        'listening on 127.0.0.1:N',
        'new client',
        'new client',
        'stored 3 messages',
        'removed child PID',
        'client gone',
        'removed child PID',
        'client gone',
        'removed child PID',
      ],
      parent: { sockets: 1, pipes: 1, files: 0 },
      zombies: 0,
      file: 'one\ntwo\nthree\n',
      end: 'SIGTERM',
    },
  },
  {
    program: 'echo_selectserv',
    args: ['0'],
    observe: async (run) => {
      const one = await connect(run)
      await echoed(one, 'one\n')
      const two = await connect(run)
      await echoed(two, 'two\n')
      const parent = await heldBy(run, run.pid, { sockets: 3 })
      const children = (await run.children(0)).length
      await leave(one, run, 'closed', 1)
      await echoed(two, 'and again\n')
      await leave(two, run, 'closed', 2)
      const later = await heldBy(run, run.pid, { sockets: 1 })
      stop(run)
      return { parent, children, later }
    },
    expected: {
      output: [
        'listening on 127.0.0.1:N',
        'connected: descriptor N',
        'connected: descriptor N',
        'closed: descriptor N',
        'closed: descriptor N',
      ],
      parent: { sockets: 3, pipes: 0, files: 0 },
      children: 0,
      later: { sockets: 1, pipes: 0, files: 0 },
      end: 'SIGTERM',
    },
  },
  {
    program: 'echo_mpclient',
    args: [String(politePort)],
    observe: async (run) => {
      run.type('hello\n')
      await run.printed('hello\n')
      const children = await run.children(1)
      const held = {
        parent: await heldBy(run, run.pid, { sockets: 1 }),
        child: await heldBy(run, children[0] ?? 0, { sockets: 1 }),
      }
      run.type('and again\n')
      await run.printed('and again\n')
      run.endInput()
      return held
    },
    expected: {
      output: [
        'from the server: hello',
        'from the server: and again',
        'from the server: farewell',
        'the server has closed too',
      ],
      parent: { sockets: 1, pipes: 0, files: 0 },
      child: { sockets: 1, pipes: 0, files: 0 },
      end: 'status 0',
    },
  },
  {
    program: 'echo_mpclient',
    when: 'where nobody listens',
    args: ['1'], // tcpmux; nobody has that
    complaint: /connection refused/i,
    expected: { output: [], end: 'status 1' },
  },
])
