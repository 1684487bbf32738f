/** Servers of NATS with JetStream, one or a cluster, on ports of the kernel's choice. */
import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { until } from './deadline.js'
import { freePort } from './ready.js'

const START_MS = 20_000

/** One request of the API by its own words, without a client: fulfilled with what is answered. */
function ask(port: number, subject: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () =>
      socket.write(
        `CONNECT {"verbose":false}\r\nSUB answer 1\r\nPUB ${subject} answer ${Buffer.byteLength(body)}\r\n${body}\r\n`,
      ),
    )
    let got = ''
    socket.setTimeout(2000, () => socket.destroy(new Error('no answer')))
    socket.on('data', (chunk) => {
      got += chunk
      if (/MSG answer [^\r]*\r\n.*\r\n/s.test(got)) socket.end(() => resolve(got))
    })
    socket.on('error', reject)
    socket.on('close', () => reject(new Error('closed')))
  })
}

/**
 * Starts servers as children of this process, which end with its process group, and makes a stream `messages` that each of them keeps.
 *
 * @returns their ports
 */
export async function startNats(count: number, folder: string): Promise<number[]> {
  const ports = await Promise.all(Array.from({ length: 2 * count }, freePort))
  const clients = ports.slice(0, count)
  const routes = ports.slice(count).map((port) => `nats://127.0.0.1:${port}`)
  for (const [index, port] of clients.entries()) {
    const data = join(folder, `nats-${index}`)
    mkdirSync(data, { recursive: true })
    const cluster = ['--cluster_name', 'bench', '--cluster', routes[index] as string, '--routes', routes.join(',')]
    const args = ['-a', '127.0.0.1', '-p', `${port}`, '-n', `n${index}`, '-js', '-sd', data]
    spawn('nats-server', [...args, ...(count > 1 ? cluster : [])], { stdio: 'ignore' }).unref()
  }
  const config = { name: 'messages', subjects: ['messages'], storage: 'file', num_replicas: count }
  const made = async (): Promise<true | undefined> => {
    const answer = await ask(clients[0] as number, '$JS.API.STREAM.CREATE.messages', JSON.stringify(config)).catch(
      () => '',
    )
    return answer.includes('"created"') || undefined
  }
  await until(made, START_MS, 'making the stream')
  return clients
}
