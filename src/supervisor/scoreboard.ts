/**
 * The processes of a server in one piece of shared memory: a slot each, given by the supervisor, written by its process, read by
 * anyone. Nothing that must be true rests on it: a handler can write to all of it.
 */
import { decodeSockaddr, encodeSockaddr, type SocketAddress } from '../libc/address.js'
import { sharedMemory } from '../libc/memory.js'
import { copyAcceptedPeer, PEER_BYTES } from '../libc/socket.js'
import {
  BYTES_READ,
  BYTES_WRITTEN,
  COMPUTES,
  CONNECTION,
  CONNECTIONS,
  DESCRIPTOR,
  EXTENDED_UNTIL_MS,
  MESSAGES,
  PEER,
  PID,
  ROLE,
  SLOT_WORDS,
  STARTED_MS,
  STATE,
  showIn,
  TURNS,
} from '../reactor/slot.js'
import { ROLES, type Role } from './children.js'
import { SPARES_WORDS } from './spares.js'

const WORD_BYTES = 8
/** The supervisor's own. */
const SUPERVISOR = 0
/**
 * The supervisor's slot also has, where others have their own, what is true of the whole server. What changes with every connection is
 * here, and not in an object, because each fork shares the object's page with the child, and writing to it then copies the page.
 */
const USED = CONNECTION
const FIRST_FREE = DESCRIPTOR
/** Of a slot that is free. */
const NEXT_FREE = CONNECTION
/** Connections accepted by workers: a 64-bit integer, as several processes count it. */
const ACCEPTED = 11

/** For `Spares`: four numbers of 32 bits. */
const SPARES = 14

/** What workers that accept for themselves count. */
export interface ConnectionCount {
  readonly accepted: number
  readonly connections: number
}

/** What went through a server's connections. */
export interface Traffic {
  bytesRead: number
  bytesWritten: number
  /** Times that bytes came. */
  messages: number
}

export class Scoreboard implements ConnectionCount {
  readonly #words: Float64Array
  readonly #integers: BigInt64Array
  readonly #bytes: Buffer
  /** For whoever comes when all are taken: read by nobody. */
  readonly #spare: number

  /** @param processes how many may run at once, beside the supervisor. Memory is used only for those that do. */
  constructor(processes: number) {
    this.#spare = processes + 1
    const words = (processes + 2) * SLOT_WORDS
    this.#bytes = sharedMemory(words * WORD_BYTES)
    const { buffer, byteOffset } = this.#bytes
    this.#words = new Float64Array(buffer, byteOffset, words)
    this.#integers = new BigInt64Array(buffer, byteOffset, SLOT_WORDS)
    this.#words[USED] = SUPERVISOR + 1
    this.showSupervisor()
  }

  /** This process, the supervisor, is in the first slot. */
  showSupervisor(): void {
    this.show(SUPERVISOR)
    this.#words[PID] = process.pid
    this.#words[STARTED_MS] = Date.now()
  }

  /**
   * A slot for a process that is about to be forked.
   *
   * @param peer the client; undefined for the one that was accepted last
   */
  take(role: Role, id: number, descriptor: number, startedMs: number, peer?: SocketAddress): number {
    const slot = this.takeSlot()
    const words = this.#words
    const first = slot * SLOT_WORDS
    words[first + PID] = 0
    words[first + ROLE] = ROLES.indexOf(role)
    words[first + CONNECTION] = id
    words[first + DESCRIPTOR] = descriptor
    words[first + STARTED_MS] = startedMs
    words[first + TURNS] = 1
    words[first + EXTENDED_UNTIL_MS] = 0
    words[first + BYTES_READ] = 0
    words[first + BYTES_WRITTEN] = 0
    words[first + MESSAGES] = 0
    words[first + CONNECTIONS] = 0
    words[first + STATE] = 0
    if (role === 'connection') this.writePeer((first + PEER) * WORD_BYTES, peer)
    return slot
  }

  /** In the forked process: from now on it writes to its slot. */
  show(slot: number): void {
    showIn(this.#words, slot)
  }

  forked(slot: number, pid: number): void {
    this.#words[slot * SLOT_WORDS + PID] = pid
  }

  /** Its process has ended. */
  release(slot: number): void {
    const words = this.#words
    const first = slot * SLOT_WORDS
    words[BYTES_READ] = (words[BYTES_READ] as number) + (words[first + BYTES_READ] as number)
    words[BYTES_WRITTEN] = (words[BYTES_WRITTEN] as number) + (words[first + BYTES_WRITTEN] as number)
    words[MESSAGES] = (words[MESSAGES] as number) + (words[first + MESSAGES] as number)
    words[first + PID] = 0
    if (slot >= this.#spare) return
    words[first + NEXT_FREE] = words[FIRST_FREE] as number
    words[FIRST_FREE] = slot
  }

  word(slot: number, word: number): number {
    return this.#words[slot * SLOT_WORDS + word] as number
  }

  /** For a worker: the number of a connection just accepted, unique among all workers, counted from 1. */
  accept(): number {
    return Number(Atomics.add(this.#integers, ACCEPTED, 1n)) + 1
  }

  /** Connections accepted by workers so far. */
  get accepted(): number {
    return Number(this.#integers[ACCEPTED])
  }

  /** Connections that workers serve now. */
  get connections(): number {
    return this.sum(CONNECTIONS)
  }

  /** Of all connections so far. */
  get traffic(): Traffic {
    return {
      bytesRead: this.word(SUPERVISOR, BYTES_READ) + this.sum(BYTES_READ),
      bytesWritten: this.word(SUPERVISOR, BYTES_WRITTEN) + this.sum(BYTES_WRITTEN),
      messages: this.word(SUPERVISOR, MESSAGES) + this.sum(MESSAGES),
    }
  }

  /** For a worker: the client that it has just accepted. */
  showPeer(slot: number): void {
    this.writePeer((slot * SLOT_WORDS + PEER) * WORD_BYTES, undefined)
  }

  /** The client that was shown last in a slot. */
  peer(slot: number): SocketAddress {
    const at = (slot * SLOT_WORDS + PEER) * WORD_BYTES
    return decodeSockaddr(this.#bytes.subarray(at, at + PEER_BYTES), PEER_BYTES)
  }

  /** For `Spares`. */
  get sparesWords(): Int32Array {
    const { buffer, byteOffset } = this.#bytes
    return new Int32Array(buffer, byteOffset + SPARES * WORD_BYTES, SPARES_WORDS)
  }

  /** Rehearsals are not remembered. */
  forgetPast(): void {
    this.#integers[ACCEPTED] = 0n
    for (const word of [BYTES_READ, BYTES_WRITTEN, MESSAGES, COMPUTES]) this.#words[word] = 0
  }

  private takeSlot(): number {
    const words = this.#words
    const free = words[FIRST_FREE] as number
    if (free > 0 && free < this.#spare) {
      words[FIRST_FREE] = words[free * SLOT_WORDS + NEXT_FREE] as number
      return free
    }
    const next = words[USED] as number
    // a handler may have written anything here
    if (!(next > 0 && next < this.#spare)) return this.#spare
    words[USED] = next + 1
    return next
  }

  private writePeer(at: number, peer: SocketAddress | undefined): void {
    if (peer === undefined) copyAcceptedPeer(this.#bytes, at)
    else encodeSockaddr(peer).copy(this.#bytes, at, 0, PEER_BYTES)
  }

  private sum(word: number): number {
    const used = Math.min(this.word(SUPERVISOR, USED), this.#spare)
    let sum = 0
    for (let slot = SUPERVISOR + 1; slot < used; slot++) if (this.word(slot, PID) !== 0) sum += this.word(slot, word)
    return sum
  }
}
