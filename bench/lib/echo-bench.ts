import { compile, hasCompiler, makeScratch } from './compile.js'
import { onPath } from './paths.js'

function refuse(reason: string): never {
  console.error(reason)
  process.exit(1)
}

/** What the benches of connections that stay have in common: the load client, and a core for each side. */
export function echoBench(): { scratch: string; client: string[]; serverPrefix: string[] } {
  if (!hasCompiler())
    refuse('There is no C compiler (cc) for the load client, which is C: apt-get install gcc libc6-dev')
  if (!onPath('taskset')) refuse('Server and client need a core each (taskset: apt-get install util-linux)')
  const scratch = makeScratch()
  const client = ['taskset', '-c', '1', compile('ping-pong', scratch)]
  return { scratch, client, serverPrefix: ['taskset', '-c', '0'] }
}
