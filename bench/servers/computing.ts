// Computes for about a second, in a plain Node, or as an async handler in its connection's process: `computing.js ROUNDS [PORT-FILE]`.
// Says how many milliseconds it took.
import { serve } from 'tined'
import { compute } from './work.js'

const [, , rounds = '1', portFile] = process.argv

function timed(): string {
  const started = performance.now()
  compute(Number(rounds))
  return (performance.now() - started).toFixed(1)
}

if (portFile === undefined) console.log(timed())
else
  await serve({ listen: '127.0.0.1:0', portFile, logLevel: 'warn', hungMs: 0 }, async (connection) => {
    for await (const _chunk of connection) await connection.write(timed())
  })
