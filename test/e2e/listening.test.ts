/** Where a server listens: IPv4, IPv6, unix sockets, several at once, and how it tells the port. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import net from 'node:net'
import { test } from 'node:test'
import { converse } from '../harness/client.js'
import { withFolder } from '../harness/folder.js'
import { hasIPv6 } from '../harness/listening.js'
import { fixture, runToEnd, tined } from '../harness/program.js'
import { type TestServer, withServer } from '../harness/server.js'
import { until } from '../harness/until.js'

const skip = hasIPv6 ? false : 'this machine has no IPv6'
const json = ['--log', 'json', '--log-level', 'debug']

const echoes = async (address: string): Promise<void> =>
  assert.equal((await converse(address, address)).toString(), address)

test('it listens on IPv6, and names an IPv6 client', async () => {
  await withServer(tined('echo', '--listen', '[::1]:0', ...json), async (server) => {
    const address = server.address.replace('127.0.0.1', '[::1]')
    await echoes(address)
    const { peer } = await server.logged('the end', ({ role }) => role === 'connection')
    assert.match(String(peer), /^\[::1\]:\d+$/)
  })
})

test('it listens on all of IPv4', async () => {
  await withServer(tined('echo', '--listen', '*:0'), async (server) => echoes(server.address))
})

const greeted = async (server: TestServer): Promise<string[]> =>
  (await until('the greeting', () => /listens on (.*);/.exec(server.stderr)?.[1])).split(', ')

test('it listens on all of IPv6, and takes clients of IPv4 too', { skip }, async () => {
  await withServer(tined('echo', '--listen', '[::]:0', ...json), async (server) => {
    await echoes(server.address.replace('127.0.0.1', '[::1]'))
    await echoes(server.address)
    const peers = await until('both ends', () => {
      const ended = server.log.filter(({ role }) => role === 'connection')
      return ended.length === 2 ? ended.map(({ peer }) => String(peer).replace(/:\d+$/, '')) : undefined
    })
    assert.deepEqual(peers.sort(), ['127.0.0.1', '[::1]'])
  })
})

test('[::] and an IPv4 address with the same port are two listeners', { skip }, async () => {
  const free = net.createServer().listen(0)
  await once(free, 'listening')
  const { port } = free.address() as net.AddressInfo
  free.close()
  await once(free, 'close')
  const listen = ['--listen', `[::]:${port}`, '--listen', `0.0.0.0:${port}`]
  await withServer(tined('echo', ...listen), async (server) => {
    assert.deepEqual(await greeted(server), [`[::]:${port}`, `0.0.0.0:${port}`])
    await echoes(server.address)
  })
})

test('localhost is 127.0.0.1 and ::1, with one port', { skip }, async () => {
  await withServer(tined('echo', '--listen', 'localhost:0'), async (server) => {
    const six = server.address.replace('127.0.0.1', '[::1]')
    assert.deepEqual(await greeted(server), [server.address, six])
    await echoes(server.address)
    await echoes(six)
  })
})

test('a port that another program has is named with that program', async () => {
  await withServer(tined('echo', '--listen', '127.0.0.1:0'), async (server) => {
    const port = server.address.slice('127.0.0.1:'.length)
    const { code, stderr } = await runToEnd(tined('echo', '--listen', `*:${port}`))
    assert.equal(code, 111)
    assert.equal(
      stderr,
      `tined: fatal: EADDRINUSE: address already in use, bind 0.0.0.0:${port}: process ${server.supervisor} (tined: supervisor) has it; ` +
        'stop it, or give --listen another port, or 0 for any that is free\n',
    )
  })
})

test('a unix socket gets its mode and its owner before anybody can connect', async () => {
  await withFolder(async (folder) => {
    const flags = ['--socket-mode', '620', '--socket-owner', `:${process.getgid?.()}`]
    await withServer(tined('echo', '--listen', `unix:${folder}/socket`, ...flags), async (server) => {
      const { mode, gid } = statSync(`${folder}/socket`)
      assert.equal(mode & 0o777, 0o620)
      assert.equal(gid, process.getgid?.())
      await echoes(server.address)
    })
  })
})

test('a unix socket that cannot be given away is refused, and its file removed', {
  skip: process.getuid?.() === 0 ? false : 'by design: only root can take its own rights away',
}, async () => {
  await withFolder(async (folder) => {
    chmodSync(folder, 0o777)
    const launch = tined('echo', '--listen', `unix:${folder}/socket`, '--socket-owner', 'root')
    const { code, stderr } = await runToEnd({ ...launch, under: ['setpriv', '--reuid=65534', '--clear-groups'] })
    assert.equal(code, 111)
    assert.match(stderr, /^tined: fatal: EPERM: operation not permitted, chown '.*'\n$/)
    assert.equal(existsSync(`${folder}/socket`), false)
  })
})

test('it listens on a unix socket, and removes the file when it stops', async () => {
  await withFolder((folder) =>
    withServer(tined('echo', '--listen', `unix:${folder}/socket`, ...json), async (server) => {
      assert.equal(server.address, `unix:${folder}/socket`)
      await echoes(server.address)
      await server.stop()
      assert.equal(existsSync(`${folder}/socket`), false)
    }),
  )
})

test('it listens on several addresses at once, and the port file has the first', async () => {
  await withFolder(async (folder) => {
    const listen = ['127.0.0.1:0', '[::1]:0', `unix:${folder}/socket`].flatMap((address) => ['--listen', address])
    await withServer(tined('echo', ...listen), async (server) => {
      const addresses = await greeted(server)
      assert.equal(addresses.length, 3)
      assert.equal(addresses[0], server.address)
      for (const address of addresses) await echoes(address)
      await Promise.all(addresses.map(echoes))
    })
  })
})

test('it replaces the socket file of a server that was killed', async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/socket`
    await withServer(tined('echo', '--listen', `unix:${path}`), async (server) => {
      server.observe()
      process.kill(server.pid, 'SIGKILL')
      await server.assertGone()
    })
    assert.ok(statSync(path).isSocket(), 'the killed server left its file')
    await withServer(tined('echo', '--listen', `unix:${path}`), async (server) => echoes(server.address))
    assert.equal(existsSync(path), false)
  })
})

test('a server that ends leaves the socket of its successor alone', async () => {
  await withFolder(async (folder) => {
    const listen = ['--listen', `unix:${folder}/socket`]
    await withServer(tined('echo', ...listen, ...json), async (old) => {
      const client = await old.connect()
      await client.exchange('hello')
      old.signal('SIGTERM')
      await old.logged('draining', ({ msg }) => msg.startsWith('draining'))
      await withServer(tined('echo', ...listen), async (successor) => {
        await echoes(successor.address)
        client.close()
        assert.deepEqual(await old.finished(), { code: 0, signal: null })
        await echoes(successor.address)
      })
    })
    assert.equal(existsSync(`${folder}/socket`), false)
  })
})

test('a program that has changed its folder still removes its own socket file, and no file of that name elsewhere', async () => {
  await withFolder(async (folder) => {
    mkdirSync(`${folder}/start`)
    mkdirSync(`${folder}/later`)
    writeFileSync(`${folder}/later/socket`, 'precious')
    const { code, stdout, stderr } = await runToEnd({ file: fixture('change-folder.js').file, args: [folder] })
    assert.equal(code, 0, stderr)
    assert.equal(stdout, 'serves\nended\n')
    assert.equal(readFileSync(`${folder}/later/socket`, 'utf8'), 'precious')
    assert.equal(existsSync(`${folder}/start/socket`), false)
  })
})

for (const whose of ['a file', 'another socket'])
  test(`a server that ends leaves ${whose} alone that has taken the place of its socket`, async () => {
    await withFolder(async (folder) => {
      const path = `${folder}/socket`
      await withServer(tined('echo', '--listen', `unix:${path}`, ...json), async (server) => {
        const other = net.createServer().unref()
        rmSync(path)
        if (whose === 'a file') writeFileSync(path, 'precious')
        else other.listen(path)
        await until('it is there', () => existsSync(path))
        await server.stop()
        assert.equal(statSync(path).isSocket(), whose !== 'a file')
        other.close()
      })
    })
  })

test('it refuses a unix socket that another server uses, and leaves it alone', async () => {
  await withFolder(async (folder) => {
    const path = `${folder}/socket`
    await withServer(tined('echo', '--listen', `unix:${path}`), async (server) => {
      const { code, stderr } = await runToEnd(tined('echo', '--listen', `unix:${path}`))
      assert.equal(code, 111)
      assert.match(
        stderr,
        /^tined: fatal: EADDRINUSE: address already in use, bind unix:\S+: process \d+ \(tined: .*\) has it; /,
      )
      assert.match(stderr, /; stop it, or give --listen another path\n$/)
      await echoes(server.address)
    })
  })
})

test('it refuses to replace a file that is not a socket', async () => {
  await withFolder(async (folder) => {
    writeFileSync(`${folder}/file`, 'precious')
    const { code, stderr } = await runToEnd(tined('echo', '--listen', `unix:${folder}/file`))
    assert.equal(code, 111)
    assert.match(stderr, /^tined: fatal: EADDRINUSE: address already in use, bind unix:.*\n$/)
    assert.ok(statSync(`${folder}/file`).isFile())
  })
})

test('when one of several addresses is taken, it leaves no socket file behind', async () => {
  await withFolder(async (folder) => {
    const taken = net.createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as net.AddressInfo
    const listen = ['--listen', `unix:${folder}/socket`, '--listen', `127.0.0.1:${port}`]
    const { code, stderr } = await runToEnd(tined('echo', ...listen))
    taken.close()
    assert.equal(code, 111)
    assert.match(stderr, new RegExp(`^tined: fatal: EADDRINUSE: address already in use, bind 127.0.0.1:${port}: `))
    assert.equal(existsSync(`${folder}/socket`), false)
  })
})

test('it writes the port to --port-fd once it is ready, and closes it', async () => {
  await withServer({ ...tined('echo', '--listen', '127.0.0.1:0', '--port-fd', '3'), pipe: true }, async (server) => {
    const pipe = server.child.stdio[3] as net.Socket
    let line = ''
    pipe.on('data', (chunk) => {
      line += chunk
    })
    await until('the end of the pipe in the launcher', () => line.endsWith('\n'))
    assert.equal(line, `${server.address.split(':')[1]}\n`)
  })
})
