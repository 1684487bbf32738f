/** The reactor that the connections of this process share. */
import { getpid } from '../libc/process.js'
import { NodeReactor } from '../reactor/node-reactor.js'

let reactor: NodeReactor | undefined
let owner = 0

/** Made when it is first needed. A forked process gets one of its own: what it inherited was closed in it. */
export function clientReactor(): NodeReactor {
  const pid = getpid()
  if (reactor === undefined || owner !== pid) {
    reactor = new NodeReactor()
    owner = pid
  }
  return reactor
}
