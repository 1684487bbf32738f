import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface Load {
  readonly connections: number
  readonly seconds: number
  readonly p50Us: number
  readonly p99Us: number
}

const run = promisify(execFile)

/** Runs the load client, command and arguments, to its end. A single client may rest before each connection. Throws what it complained about. */
export async function runLoad(
  client: readonly string[],
  port: number,
  clients: number,
  total: number,
  restUs = 0,
): Promise<Load> {
  const numbers = [port, clients, total, ...(restUs > 0 ? [restUs] : [])]
  const [command = '', ...args] = [...client, ...numbers.map(String)]
  try {
    const { stdout } = await run(command, args)
    return JSON.parse(stdout) as Load
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim()
    throw new Error(said || 'load: ended without a result', { cause: error })
  }
}

export function rate({ connections, seconds }: Load): number {
  return connections / seconds
}
