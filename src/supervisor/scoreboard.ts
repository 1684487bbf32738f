/**
 * The processes of a server in one piece of shared memory: a slot each, given by the supervisor, written by its process, read by
 * anyone. Nothing that must be true rests on it: a handler can write to all of it.
 */
import { encodeSockaddr, formatAddress, type SocketAddress } from '../libc/address.js'
import { nowMs } from '../libc/clock.js'
import { sharedMemoryFile } from '../libc/memory.js'
import { copyAcceptedPeer, PEER_BYTES } from '../libc/socket.js'
import {
  BYTES_READ,
  BYTES_WRITTEN,
  COMPUTES,
  CONNECTION,
  CONNECTIONS,
  DESCRIPTOR,
  EXTENDED_UNTIL_MS,
  FATE,
  MESSAGES,
  PEER,
  PID,
  ROLE,
  SLOT_WORDS,
  Slot,
  STARTED_MS,
  showIn,
  TURNS,
} from '../reactor/slot.js'
import { SPARES_WORDS } from './ahead/spares.js'
import { BoardHead } from './board-head.js'
import { ACCEPTED, BOARD_NAME, HEAD_BYTES, peerAt, ROLES, USED, WORD_BYTES } from './board-layout.js'
import type { Role } from './children.js'
import type { ConnectionCount, Traffic } from './traffic.js'

/** The supervisor's own. */
const SUPERVISOR = 0
/**
 * The supervisor's slot also has, where others have their own, what is true of the whole server. What changes with every connection is
 * here, and not in an object, because each fork shares the object's page with the child, and writing to it then copies the page.
 * In the place of CONNECTION there is USED.
 */
const FIRST_FREE = DESCRIPTOR
/** Of a slot that is free. */
const NEXT_FREE = CONNECTION
/** For `Spares`: four numbers of 32 bits. */
const SPARES = 14

export class Scoreboard implements ConnectionCount {
  /** Of its memory, for `tined ps`; negative where the kernel gives memory files to nobody. For no child. */
  readonly descriptor: number
  readonly head: BoardHead
  readonly #words: Float64Array
  readonly #integers: BigInt64Array
  readonly #bytes: Buffer
  /** For whoever comes when all are taken: read by nobody. */
  readonly #spare: number

  /** Slots after those of processes, for connections of workers: a row each. */
  readonly #rows: number

  /**
   * @param processes how many may run at once, beside the supervisor. Memory is used only for those that do
   * @param rows connections that workers may have at once
   * @param beside a descriptor, after which its own has its number if that is free: children close both in one call
   */
  constructor(processes: number, rows = 0, beside = 0) {
    this.#spare = processes + 1
    this.#rows = rows
    const words = (processes + 2 + rows) * SLOT_WORDS
    const { memory, descriptor } = sharedMemoryFile(BOARD_NAME, HEAD_BYTES + words * WORD_BYTES, beside + 1)
    this.descriptor = descriptor
    this.#bytes = memory.subarray(HEAD_BYTES)
    const { buffer, byteOffset } = this.#bytes
    this.head = new BoardHead(memory, processes + 2, rows)
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
    words[first + FATE] = 0
    if (role === 'connection') this.writePeer((first + PEER) * WORD_BYTES, peer)
    return slot
  }

  /** In the forked process: from now on it writes to its slot. */
  show(slot: number): void {
    showIn(this.#words, slot)
  }

  /** In the parent. @param beforeMs when the fork began, by nowMs() */
  forked(slot: number, pid: number, beforeMs: number): void {
    this.head.forkTimes.add(nowMs() - beforeMs)
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

  set(slot: number, word: number, value: number): void {
    this.#words[slot * SLOT_WORDS + word] = value
  }

  /** Of a process, or of the worker whose row it is. */
  pidOf(slot: number): number {
    return this.word(slot, PID)
  }

  /** `127.0.0.1:51234`; without a name on a unix socket. */
  peerOf(slot: number): string {
    return formatAddress(this.clientOf(slot))
  }

  clientOf(slot: number): SocketAddress {
    return peerAt(this.#bytes, (slot * SLOT_WORDS + PEER) * WORD_BYTES)
  }

  /** Of a connection whose client is another than who connected: a proxy has named it. */
  nameClient(slot: number, peer: SocketAddress): void {
    this.writePeer((slot * SLOT_WORDS + PEER) * WORD_BYTES, peer)
  }

  /** The first row of a worker, when those before it have `before`. */
  rowAfter(before: number): number {
    return this.#spare + 1 + before
  }

  /** For a worker: fills a row for the connection that was accepted last. */
  enter(row: number, pid: number, id: number, descriptor: number): Slot {
    const slot = new Slot(this.#words, row)
    slot.show(CONNECTION, id)
    slot.show(DESCRIPTOR, descriptor)
    slot.show(STARTED_MS, Date.now())
    for (const word of [BYTES_READ, BYTES_WRITTEN, MESSAGES, FATE]) slot.show(word, 0)
    copyAcceptedPeer(this.#bytes, (row * SLOT_WORDS + PEER) * WORD_BYTES)
    slot.show(PID, pid)
    return slot
  }

  leave(row: number): void {
    this.set(row, PID, 0)
  }

  /** Rows that somebody has filled; of workers that have died too. */
  *rows(): Generator<number> {
    for (let row = this.rowAfter(0); row < this.rowAfter(this.#rows); row++) if (this.pidOf(row) !== 0) yield row
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

  /** For `Spares`. */
  get sparesWords(): Int32Array {
    const { buffer, byteOffset } = this.#bytes
    return new Int32Array(buffer, byteOffset + SPARES * WORD_BYTES, SPARES_WORDS)
  }

  /** Rehearsals are not remembered. */
  forgetPast(): void {
    this.#integers[ACCEPTED] = 0n
    this.head.forget()
    for (const row of this.rows()) this.leave(row)
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
