/** Who plays the handler: in rehearsals a stand-in, for clients the user's. */
import { type Compilable, methodsOf } from '../../../engine/compile.js'
import { endPractice } from '../../../fork/descriptors.js'
import type { Application, RehearsedApplication } from '../../application.js'
import { functionsOf } from '../../check-handler.js'
import { adapt, settle } from '../../connection/adapt.js'
import { type Accepted, type ConnectionHandler, type Handler, runsBlocking } from '../../connection/contract.js'
import { UserCallbacks } from '../../connection/user-callbacks.js'
import type { EndingHook } from '../../ending-hook.js'
import type { ProxyGate } from '../../proxy-protocol/gate.js'
import type { ModelSettings } from '../model.js'
import { REHEARSED_HEADER } from './introduce-client.js'
import { Service } from './service.js'
import { SAMPLE, standInsFor } from './stand-ins.js'

/** Plays more than one part in a row, for V8 to see each of them more than once. */
const ROUNDS_A_PART = 3

export class Cast {
  /** Whether no process ever runs Node's loop. */
  readonly blocking: boolean
  /** Whether one runs it only once it needs it. */
  lazy = false
  /** Whether they are forked without fork handlers. */
  light = false
  onEnd: EndingHook | undefined
  readonly proxyGate: ProxyGate | undefined
  readonly #application: Application
  readonly #hook: EndingHook | undefined
  /** Of our own: it is rehearsed itself, and called without a detour. */
  readonly #own: RehearsedApplication['rehearsal'] | undefined
  /** What a client sends to the user's. */
  readonly #asked: Uint8Array | undefined
  readonly #parts: readonly (Handler | UserCallbacks)[]
  #real: Handler | UserCallbacks
  #playing: Handler | UserCallbacks
  #rounds = -1
  #service: Service | undefined
  readonly #closed = (): void => this.#service?.closed()

  /** @param settings with TLS processes run Node's loop from the start, whatever the handler's style, and are not rehearsed */
  constructor(
    application: Application,
    { onEnd, proxyGate, tls, rehearsal }: Pick<ModelSettings, 'onEnd' | 'proxyGate' | 'tls' | 'rehearsal'>,
  ) {
    const { handler } = application
    const encrypted = tls !== undefined
    this.#application = application
    this.#hook = onEnd
    this.onEnd = onEnd
    this.proxyGate = proxyGate
    this.blocking = !encrypted && runsBlocking(handler)
    this.#own = 'rehearsal' in application && !encrypted ? (application as RehearsedApplication).rehearsal : undefined
    this.#real = this.#own === undefined ? this.#made(handler) : handler
    this.#asked = this.#own === undefined && !encrypted ? rehearsal : undefined
    if (this.#own !== undefined) this.#parts = [handler]
    else if (this.#asked !== undefined) this.#parts = [this.#real]
    else this.#parts = standInsFor(handler).map((part) => this.#made(part))
    this.#playing = this.#real
  }

  /** Whether the user's own is rehearsed, as was asked for. */
  get tried(): boolean {
    return this.#asked !== undefined
  }

  /** What a client may send in a rehearsal. */
  get sample(): Uint8Array | undefined {
    const { handlersSample: sample } = this
    return sample === undefined || this.proxyGate === undefined ? sample : Buffer.concat([REHEARSED_HEADER, sample])
  }

  private get handlersSample(): Uint8Array | undefined {
    if (this.#own === undefined) return this.blocking || this.lazy ? (this.#asked ?? SAMPLE) : undefined
    return this.#hook === undefined ? this.#own.sample : undefined
  }

  /** Functions of the user's, to be compiled though they are never called in a rehearsal. */
  get uncalled(): readonly Compilable[] {
    if (this.#own !== undefined || this.tried) return []
    return functionsOf(this.#application.handler)
  }

  /** What is called in one. */
  get called(): readonly Compilable[] {
    const { handler } = this.#application
    const cast = methodsOf(Cast, ['tried', 'sample', 'uncalled', 'called', 'roots', 'begin', 'end'])
    if (this.#own !== undefined) return [...cast, ...functionsOf(handler), ...(this.#own.hot ?? [])]
    const ours =
      typeof handler === 'function' ? [adapt] : [settle, UserCallbacks, ...methodsOf(UserCallbacks, ['drain', 'error'])]
    const theirs = this.tried ? functionsOf(handler) : []
    return [...cast, ...ours, ...theirs]
  }

  /** What is called by functions of the application that are called in one. */
  get roots(): readonly Compilable[] {
    return this.#own?.roots ?? []
  }

  begin(): void {
    this.#rounds = 0
    this.onEnd = undefined
    if (this.proxyGate !== undefined) this.proxyGate.rehearses = true
    this.#own?.begin?.()
  }

  end(): void {
    endPractice()
    this.#rounds = -1
    this.#playing = this.#real
    this.onEnd = this.#hook
    if (this.proxyGate !== undefined) this.proxyGate.rehearses = false
    this.#own?.end?.()
  }

  /** For one connection, from its beginning to its end. */
  service(accepted: Accepted): Service {
    this.#service = new Service(accepted, typeof this.#application.handler !== 'function')
    return this.#service
  }

  callbacks(): ConnectionHandler {
    if (this.#rounds >= 0) this.change()
    const playing = this.#playing
    if (typeof playing !== 'function') return playing
    const service = this.#service as Service
    // bound, not an arrow: a call of that would be counted
    return adapt(playing, service.finished.bind(service), this.#closed)
  }

  private change(): void {
    const part = Math.floor(this.#rounds++ / ROUNDS_A_PART) % this.#parts.length
    this.#playing = this.#parts[part] as Handler | UserCallbacks
  }

  #made(handler: Handler): Handler | UserCallbacks {
    return typeof handler === 'function' ? handler : new UserCallbacks(handler, this.#closed)
  }
}
