/** A block for a shell: its output is not shown, so only its end counts, and the folder that it is in then. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

const LIMIT_MS = 60_000

/** @returns status or signal, what it printed, and the folder it ended in */
export async function runScript(script, { cwd, env }) {
  const child = spawn('sh', ['-e', '-c', `${script}\npwd >&3`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  })
  // all of it: what the shell has started holds its pipes
  const limit = setTimeout(() => process.kill(-child.pid, 'SIGKILL'), LIMIT_MS)
  let printed = ''
  let folder = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (piece) => {
      printed += piece
    })
  child.stdio[3].setEncoding('utf8').on('data', (piece) => {
    folder += piece
  })
  const [code, signal] = await once(child, 'close')
  clearTimeout(limit)
  return { status: signal ?? code, printed, cwd: folder.trim() || cwd }
}

/**
 * The environment of a reader: this Node, no settings of Tined, nothing of the npm or the test runner that started us. npm's own
 * settings stay: which registry it asks is not the page's affair.
 *
 * @param mark a variable by which all that is started is found
 */
export function readersEnvironment(mark) {
  const foreign =
    /^(TINED_|npm_(?!config_)|npm_config_(local_prefix|prefix|package|workspace)|INIT_CWD|NODE_(?!EXTRA_CA)|FORCE_COLOR)/i
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
  const path = (env['PATH'] ?? '').split(':').filter((folder) => !folder.includes('node_modules/.bin'))
  const [name, value] = mark.split('=')
  return { ...env, PATH: [process.execPath.replace(/\/[^/]*$/, ''), ...path].join(':'), [name]: value }
}
