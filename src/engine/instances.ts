/** All objects of a kind that live in this heap, as a debugger would find them: in-process, without a port or a thread. */
import { Session } from 'node:inspector'

/** How expressions that the debugger runs reach us. */
const KEY = Symbol.for('tined.instances')
interface Exchange {
  prototype: object
  found: object[]
}
type WithExchange = { [KEY]?: Exchange }

/**
 * Every object with `prototype` among its prototypes, referenced by the program or not. Collects garbage first, and walks the heap:
 * some 20 to 40 ms.
 *
 * @throws {Error} when this Node has no inspector
 */
export function instancesOf(prototype: object): object[] {
  const exchange: Exchange = { prototype, found: [] }
  const session = new Session()
  session.connect()
  ;(globalThis as WithExchange)[KEY] = exchange
  try {
    const objectId = evaluate(session, `globalThis[Symbol.for('tined.instances')].prototype`)
    const objects = query(session, objectId)
    session.post('Runtime.callFunctionOn', {
      objectId: objects,
      functionDeclaration: `function () { globalThis[Symbol.for('tined.instances')].found = this }`,
    })
  } finally {
    delete (globalThis as WithExchange)[KEY]
    session.disconnect()
  }
  return [...exchange.found]
}

/** Each of the session's answers comes before `post` returns. */
function evaluate(session: Session, expression: string): string {
  let objectId: string | undefined
  session.post('Runtime.evaluate', { expression }, (_error, answer) => {
    objectId = answer?.result.objectId
  })
  if (objectId === undefined) throw new Error('the inspector of this Node does not answer')
  return objectId
}

function query(session: Session, prototypeObjectId: string): string {
  let objectId: string | undefined
  session.post('Runtime.queryObjects', { prototypeObjectId }, (_error, answer) => {
    objectId = answer?.objects.objectId
  })
  if (objectId === undefined) throw new Error('the inspector of this Node does not find objects')
  return objectId
}
