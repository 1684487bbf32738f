// The asynchronous row of the memory bench: each connection process runs Node's own event loop.
import { serve } from '../../src/index.js'

const [, , portFile = 'async-echo.port', options = '{}'] = process.argv

await serve({ listen: '127.0.0.1:0', model: 'fork', ...JSON.parse(options), portFile }, async (connection) => {
  for await (const chunk of connection) await connection.write(chunk)
})
