// Looks at the stream from inside the network. Arguments: servers, and `leader` to print the leader's name, or `messages` for the first word of each, and who sent it.
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'

const STREAM = 'messages'
const [, , servers = '', what = ''] = process.argv
const connection = await connect({ servers: servers.split(','), timeout: 5000 })
const { cluster, state } = await (await jetstreamManager(connection)).streams.info(STREAM)
const lines: string[] = []
if (what === 'leader') lines.push(cluster?.leader ?? '')
else if (state.messages > 0) {
  const consumer = await jetstream(connection).consumers.get(STREAM)
  for await (const message of await consumer.consume({ max_messages: 2000 })) {
    lines.push(`${message.string().split(' ')[0]} ${message.headers?.get('Tined-Peer')}`)
    if (lines.length === state.messages) break
  }
}
process.stdout.write(`${lines.join('\n')}\n`, () => process.exit(0))
