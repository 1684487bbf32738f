/** Where processes, threads or descriptors run out: a start fails in words, clients wait, and nobody aborts. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { asNobody, noNobody, uid } from '../harness/nobody.js'
import { fixture, runToEnd } from '../harness/program.js'
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
