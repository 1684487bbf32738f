/** The other end of one run. */
import { execFileSync, spawn } from 'node:child_process'
import { join } from 'node:path'
import { atExit } from '../../bench/lib/cleanup.js'
import { until } from '../../bench/lib/deadline.js'
import { portIn } from '../../bench/lib/ready.js'

export interface Upstream {
  readonly env: NodeJS.ProcessEnv
  readonly stop: () => void
}

const START_MS = 20_000

function makeCertificate(folder: string): void {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=localhost', ...files]
  execFileSync('openssl', args, { stdio: 'ignore' })
}

/**
 * @param installed where its packages are
 * @param folder what it writes to
 */
export async function startUpstream(
  kind: string,
  installed: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<Upstream> {
  if (kind === 'https') makeCertificate(folder)
  const child = spawn(process.execPath, [join(installed, 'upstream.mjs'), kind, folder], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const stop = (): void => void child.kill('SIGKILL')
  const takeBack = atExit(stop)
  const port = await until(() => portIn(join(folder, 'upstream-port')), START_MS, `starting the ${kind} upstream`)
  const url = `${kind === 'nats' ? '' : kind}://127.0.0.1:${port}`
  return {
    env: { CHECK_UPSTREAM: url },
    stop() {
      stop()
      takeBack()
    },
  }
}
