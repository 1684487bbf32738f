/** Where processes, threads or descriptors run out: a start fails in words, clients wait, and nobody aborts. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { ControlGroup, noGroup } from '../harness/control-group.js'
import { asNobody, noNobody, noPrlimit, uid } from '../harness/nobody.js'
import { childrenOf } from '../harness/proc.js'
import { fixture, type Launch, runToEnd, tined } from '../harness/program.js'
import { withServer } from '../harness/server.js'

const shortOf = (...args: string[]) => ({ ...fixture('short-of.js'), args })

for (const act of ['fork', 'serve', 'multiplex', 'program']) {
  test(`${act} with three free descriptors fails in words, and the program goes on`, async () => {
    const { code, signal, stdout, stderr } = await runToEnd(shortOf('descriptors', '3', act))
    assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' })
    assert.match(
      stdout,
      /^begins\n\{"name":"PosixError","code":"EMFILE","message":"EMFILE: too many open files, pipe2: \d+ more descriptors are needed; ulimit -n is \d+"\}\ngoes on\n$/,
    )
  })

  test(`${act} with a process limit of 1 fails in words, and the program goes on`, { skip: noNobody }, async () => {
    const { code, signal, stdout, stderr } = await runToEnd({ ...shortOf('processes', '1', act), under: asNobody })
    assert.deepEqual({ code, signal, stderr }, { code: 0, signal: null, stderr: '' })
    assert.match(
      stdout,
      /^begins\n\{"name":"PosixError","code":"EAGAIN","message":"EAGAIN: resource temporarily unavailable, pthread_create: \d+ more processes and threads are needed; ulimit -u is 1, \d+ in use"\}\ngoes on\n$/,
    )
  })

  test(`${act} with a little room for processes either works or fails in words`, { skip: noNobody }, async () => {
    for (const left of [2, 6, 9, 14, 24]) {
      const { code, signal, stdout, stderr } = await runToEnd({
        ...shortOf('processes', `+${left}`, act),
        under: asNobody,
      })
      const works = act === 'program' ? stdout === 'begins\n' && code === 0 : stdout === 'begins\ndone\n' && code === 7
      const refuses = /"code":"EAGAIN".*\n?.*goes on\n$/s.test(stdout) && code === 0
      assert.ok(signal === null && (works || refuses), `${left} left: ${code} ${signal} ${stdout} ${stderr}`)
    }
  })

  test(`${act} with a few free descriptors either works or fails in words`, async () => {
    for (const left of [0, 8, 14, 20, 34]) {
      const { code, signal, stdout, stderr } = await runToEnd(shortOf('descriptors', `${left}`, act))
      const works = act === 'program' ? stdout === 'begins\n' && code === 0 : stdout === 'begins\ndone\n' && code === 7
      const refuses = /"code":"EMFILE".*\n?.*goes on\n$/s.test(stdout) && code === 0
      assert.ok(signal === null && (works || refuses), `${left} left: ${code} ${signal} ${stdout} ${stderr}`)
    }
  })
}

/** Threads of all processes of nobody's. */
const tasksOfNobody = (): number =>
  Number(execFileSync('sh', ['-c', `ps -L -U ${uid} -o lwp= | wc -l`], { encoding: 'utf8' }))

for (const handler of ['callbacks', 'async', 'node-callbacks'])
  test(`40 clients at once where there is room for a few processes: each is served (${handler})`, {
    skip: noNobody,
  }, async () => {
    await withServer({ ...fixture(`echo-${handler}.js`), under: asNobody }, async (server) => {
      const prlimit = (limit: string): void => {
        const [command = '', ...args] = [...asNobody, 'prlimit', '--pid', `${server.supervisor}`, `--nproc=${limit}:`]
        execFileSync(command, args)
      }
      prlimit(`${tasksOfNobody() + 20}`)
      const answers = await Promise.all(
        Array.from({ length: 40 }, async (_, index) => (await converse(server.address, `client ${index}`)).toString()),
      )
      assert.deepEqual(
        answers,
        Array.from({ length: 40 }, (_, index) => `client ${index}`),
      )
      prlimit('4096')
      const told = server.log.filter(({ msg }) => /cannot fork|waits for what/.test(msg))
      assert.ok(told.length < 6, server.stderr)
      assert.doesNotMatch(server.stderr, /killed by/)
      await server.connections(0)
    })
  })

interface Narrow {
  what: string
  program: Launch
  under: readonly string[]
  says: RegExp
}

const limited = (limits: string): string[] => ['bash', '-c', `ulimit ${limits}; exec "$@"`, 'bash']
const logged = ['--listen', '127.0.0.1:0', '--log', 'json'] as const

const narrow: readonly Narrow[] = [
  {
    what: 'the workers of model multiplex',
    program: tined('echo', ...logged, '--model', 'multiplex', '--workers', '2'),
    under: limited('-n 128'),
    says: /^at most (1[34]\d|15\d) connections can be held at once, not 1000: ulimit -n is 128, \d+ in use; 1 for each/,
  },
  {
    what: 'workers of a store, whose connections share a socket',
    program: tined('store', ...logged, '--model', 'multiplex', '--to', '/dev/shm/tined-limits-test.ndjson'),
    under: limited('-n 128'),
    says: /^at most [67]\d connections can be held at once, not 1000: ulimit -n is 128, \d+ in use; 1 for each/,
  },
  {
    what: "the store's writer",
    program: tined('store', ...logged, '--to', '/dev/shm/tined-limits-test.ndjson'),
    under: limited('-n 128'),
    says: /^at most [67]\d connections can be held at once, not 1000: ulimit -n is 128, \d+ in use; 1 for each/,
  },
  {
    what: 'processes of a user',
    program: fixture('echo-callbacks.js', { maxConnections: 500 }),
    under: [...asNobody, ...limited('-u 100')],
    says: /^at most \d\d connections can be held at once, not 500: ulimit -u is 100, \d+ in use; 1 for each/,
  },
  {
    what: 'processes of a user, forked ahead',
    program: fixture('echo-callbacks.js', { model: 'prefork', maxRequests: 1, maxConnections: 500 }),
    under: [...asNobody, ...limited('-u 100')],
    says: /^at most \d\d connections can be held at once, not 500: ulimit -u is 100, \d+ in use; 1 for each/,
  },
  {
    what: 'processes and threads of a user',
    program: fixture('echo-async.js', { maxConnections: 500 }),
    under: [...asNobody, ...limited('-u 100')],
    says: /^at most \d connections can be held at once, not 500: ulimit -u is 100, \d+ in use; 11 for each/,
  },
]

for (const { what, program, under, says } of narrow)
  test(`what cannot be held is said at the start: ${what}`, { skip: noNobody }, async () => {
    await withServer({ ...program, under }, async (server) => {
      const told = server.log.filter(({ msg }) => msg.startsWith('at most'))
      assert.equal(told.length, 1, server.stderr)
      assert.match(told[0]?.msg ?? '', says)
    })
    rmSync('/dev/shm/tined-limits-test.ndjson', { force: true })
  })

test('the limit of a control group is seen as well', { skip: noGroup('pids') }, async () => {
  const group = new ControlGroup('pids', 60)
  try {
    await withServer({ ...fixture('echo-callbacks.js'), under: group.under }, async (server) => {
      const { msg } = await server.logged('the limit', ({ msg: words }) => words.startsWith('at most'))
      assert.match(
        msg,
        /^at most [34]\d connections can be held at once, not 1000: \S+\/pids.max is 60, \d+ in use; 1 for each/,
      )
      const answers = await Promise.all(
        Array.from({ length: 80 }, async (_, index) => (await converse(server.address, `${index}`)).toString()),
      )
      assert.deepEqual(
        answers,
        Array.from({ length: 80 }, (_, index) => `${index}`),
      )
      await server.connections(0)
    })
  } finally {
    await group.remove()
  }
})

test('nothing is said where all can be held, and the soft limit on descriptors is raised to the hard one', async () => {
  await withServer({ ...tined('echo', ...logged), under: limited('-S -n 64') }, async (server) => {
    assert.deepEqual(
      server.log.filter(({ msg }) => msg.startsWith('at most')),
      [],
    )
    const [, soft, hard] =
      /^Max open files\s+(\d+)\s+(\d+)/m.exec(readFileSync(`/proc/${server.supervisor}/limits`, 'utf8')) ?? []
    assert.equal(soft, hard)
  })
})

for (const [name, launch] of Object.entries({
  'fork, callbacks': fixture('echo-callbacks.js'),
  'fork, async': fixture('echo-async.js'),
  'multiplex over poll': fixture('echo-callbacks.js', { model: 'multiplex', poller: 'poll' }),
}))
  test(`a limit on descriptors lowered to 1 lets clients wait, and ends nobody (${name})`, {
    skip: noPrlimit,
  }, async () => {
    await withServer(launch, async (server) => {
      const multiplex = name.startsWith('multiplex')
      const accepting = multiplex ? (childrenOf(server.supervisor)[0] as number) : server.supervisor
      const limit = (pid: number, count: number): void =>
        void execFileSync('prlimit', ['--pid', `${pid}`, `--nofile=${count}:`])
      for (const pid of [server.supervisor, accepting]) limit(pid, 1)
      const client = (await server.connect()).send('waits')
      await server.logged('the shortage', ({ msg }) => msg.startsWith('cannot accept: EMFILE'))
      assert.equal(client.bytesReceived, 0)
      for (const pid of [server.supervisor, accepting]) limit(pid, 1024)
      assert.equal(await client.takeText(5), 'waits')
      client.close()
      await server.connections(multiplex ? 1 : 0)
    })
  })
