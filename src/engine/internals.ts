/**
 * Node's own modules, which no program can require. What a function closes over can be read through the inspector, which is a
 * documented door: here a session inside of the process, without a port and without a thread.
 */
import inspector from 'node:inspector'
import Module, { register } from 'node:module'

/** What makes Node load one of its own modules. */
export type InternalRequire = (id: string) => Record<string, unknown>

interface RemoteObject {
  objectId?: string
}
interface Property {
  name: string
  value?: RemoteObject
}
interface Properties {
  result: Property[]
  internalProperties?: Property[]
}

/** What CommonJS modules export that were loaded so far, by their paths. */
export const loadedModules = (): Record<string, { exports: unknown } | undefined> =>
  (Module as unknown as { _cache: Record<string, { exports: unknown }> })._cache

/** A symbol of the global object, where values pass from the inspector to us and back. */
const HANDOVER = 'tined: handover'
const handover = globalThis as unknown as Record<symbol, unknown>
const key = Symbol.for(HANDOVER)

/** An inspector session of this process with itself. Every answer is there when `post` returns. */
export class OwnSession {
  readonly #session = new inspector.Session()

  constructor() {
    this.#session.connect()
  }

  #post<Answer>(method: string, parameters: object): Answer {
    let failure: Error | null = null
    let answer: unknown
    this.#session.post(method, parameters, (error, result) => {
      failure = error
      answer = result
    })
    if (failure !== null) throw new Error(`inspector: ${method} failed`, { cause: failure })
    return answer as Answer
  }

  /** The inspector's name for a value. */
  idOf(value: unknown): string {
    handover[key] = value
    const { result } = this.#post<{ result: RemoteObject }>('Runtime.evaluate', {
      expression: `globalThis[Symbol.for('${HANDOVER}')]`,
    })
    delete handover[key]
    return result.objectId as string
  }

  /** The value that has such a name. */
  valueOf(objectId: string): unknown {
    const functionDeclaration = `function () { globalThis[Symbol.for('${HANDOVER}')] = this }`
    this.#post('Runtime.callFunctionOn', { objectId, functionDeclaration })
    const value = handover[key]
    delete handover[key]
    return value
  }

  properties(objectId: string): Properties {
    return this.#post<Properties>('Runtime.getProperties', { objectId, ownProperties: true })
  }

  /** Every living object that has `prototype` in its chain. Collects garbage first. */
  instancesOf(prototype: object): unknown[] {
    const { objects } = this.#post<{ objects: RemoteObject }>('Runtime.queryObjects', {
      prototypeObjectId: this.idOf(prototype),
    })
    return this.valueOf(objects.objectId as string) as unknown[]
  }

  close(): void {
    this.#session.disconnect()
  }
}

const named = (properties: readonly Property[] | undefined, name: string): string | undefined =>
  properties?.find((property) => property.name === name)?.value?.objectId

let nodes: InternalRequire | undefined

/**
 * The `require` that Node's module loader itself uses. To find it takes milliseconds, and a look through the heap.
 *
 * @throws {Error} when this Node is made in another way than we know
 */
export function internalRequire(): InternalRequire {
  nodes ??= findRequire()
  return nodes
}

function findRequire(): InternalRequire {
  const session = new OwnSession()
  try {
    const scopes = named(session.properties(session.idOf(register)).internalProperties, '[[Scopes]]')
    const closure = scopes === undefined ? undefined : named(session.properties(scopes).result, '0')
    const found = closure === undefined ? undefined : named(session.properties(closure).result, 'require')
    const value = found === undefined ? undefined : session.valueOf(found)
    if (typeof value !== 'function') throw new Error('module.register does not close over a require')
    return value as InternalRequire
  } finally {
    session.close()
  }
}

/** What Node's own modules have of C++. */
export function internalBinding(name: string): unknown {
  const realm = internalRequire()('internal/bootstrap/realm') as { internalBinding(name: string): unknown }
  return realm.internalBinding(name)
}
