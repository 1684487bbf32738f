/** What runs in a connection process for a client whose lines are stored, named to be compiled in the rehearsal. */
import { type Compilable, methodsOf } from '../../engine/compile.js'
import { write } from '../../libc/fd.js'
import { hotInSending } from '../../libc/scm-rights.js'
import { socketpair } from '../../libc/socket.js'
import { LineCutter } from '../../server/connection/line-cutter.js'
import { MessageDeadline } from '../../server/connection/message-deadline.js'
import { encodeRegistration, readAck, writeHeader } from '../wire.js'
import { countLines, Outbox } from './outbox.js'
import { Session } from './session.js'
import { WriterLink } from './writer-link.js'
import { hear, introduce, receiveNow } from './writer-socket.js'

export const hot: readonly Compilable[] = [
  Session,
  ...methodsOf(Session, ['expire']),
  Outbox,
  ...methodsOf(Outbox, ['close', 'rewind', 'skipTo', 'finish']),
  LineCutter,
  ...methodsOf(LineCutter, ['finish', 'refuse', 'take', 'takeRest']),
  MessageDeadline,
  ...methodsOf(MessageDeadline),
  WriterLink,
  ...methodsOf(WriterLink, ['rest', 'lost']),
  introduce,
  receiveNow,
  hear,
  encodeRegistration,
  writeHeader,
  readAck,
  socketpair,
  write,
  ...hotInSending,
  Buffer.prototype.indexOf,
  Buffer.prototype.lastIndexOf,
  Buffer.prototype.copy,
  Buffer.prototype.subarray,
]

const { append } = LineCutter.prototype
const { next } = Outbox.prototype
const { flush } = WriterLink.prototype

/** Of these, what calls something of Node's that has no name. */
export const roots: readonly Compilable[] = [append, next, flush, hear, countLines]
