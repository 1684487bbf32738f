/**
 * Which processes the supervisor has forked, and for whom: told to the writer by the supervisor alone, in memory that no connection
 * process has.
 */
import { formatAddress } from '../libc/address.js'
import type { PrivateMemory } from '../libc/private-memory.js'
import type { Child, Family } from '../supervisor/children.js'

/** Processes that are remembered, the dead ones of the latest included: their last messages may be on the way. */
const LEAST_ROWS = 4096
const MOST_ROWS = 262_144
const PID_BYTES = 4
const ROW_BYTES = 128
/** Of a row: `f64 number, u16 a worker's, u16 bytes of the peer, u16 dead`, the peer. */
const DEAD_AT = 12
const PEER_AT = 14
const ROWS_AT = MOST_ROWS * PID_BYTES

export const FAMILY_BYTES = ROWS_AT + MOST_ROWS * ROW_BYTES

/** Whom a process serves. */
export type Known = (
  | { /** One client. */ connection: number; peer: string }
  | { /** Many, of which it tells itself. */ worker: number }
) & {
  /** It has ended: whoever comes with its pid may be another, of whom the supervisor has not told yet. */
  dead?: boolean
}

/** The supervisor's side. */
export class FamilyBook implements Family {
  readonly #memory: PrivateMemory
  readonly #at: number
  readonly #row = Buffer.alloc(ROW_BYTES)
  readonly #word = Buffer.alloc(PID_BYTES)
  /** Of the dead, too, until their row is needed. */
  readonly #rowOf = new Map<number, number>()
  readonly #pidIn: number[] = []
  readonly #alive = new Set<number>()
  #next = 0

  /** @param at where in the memory */
  constructor(memory: PrivateMemory, at: number) {
    this.#memory = memory
    this.#at = at
  }

  born({ pid, role, id, peer }: Child): void {
    if (role === 'writer' || role === 'forwarder') return
    const namesake = this.#rowOf.get(pid)
    if (namesake !== undefined) this.#point(namesake, 0)
    const row = this.#freeRow()
    if (row === undefined) return
    this.#point(row, 0)
    const length = peer === undefined ? 0 : this.#row.write(formatAddress(peer), PEER_AT)
    this.#row.writeDoubleLE(id, 0)
    this.#row.writeUInt16LE(role === 'connection' ? 0 : 1, 8)
    this.#row.writeUInt16LE(length, 10)
    this.#row.writeUInt16LE(0, DEAD_AT)
    this.#memory.write(this.#at + ROWS_AT + row * ROW_BYTES, this.#row.subarray(0, PEER_AT + length))
    this.#alive.add(pid)
    // last: whoever finds the pid finds the rest
    this.#point(row, pid)
  }

  died(pid: number): void {
    this.#alive.delete(pid)
    const row = this.#rowOf.get(pid)
    if (row === undefined) return
    this.#word.writeUInt16LE(1)
    this.#memory.write(this.#at + ROWS_AT + row * ROW_BYTES + DEAD_AT, this.#word.subarray(0, 2))
  }

  /** Undefined when there are more processes than anybody has memory for. */
  #freeRow(): number | undefined {
    const rows = Math.min(MOST_ROWS, Math.max(LEAST_ROWS, 2 * this.#alive.size))
    for (let tried = 0; tried < rows; tried++) {
      const row = this.#next % rows
      this.#next = row + 1
      if (!this.#alive.has(this.#pidIn[row] ?? 0)) return row
    }
    return undefined
  }

  /** 0 for a row that is nobody's. */
  #point(row: number, pid: number): void {
    const before = this.#pidIn[row] ?? 0
    if (before === pid) return
    if (this.#rowOf.get(before) === row) this.#rowOf.delete(before)
    this.#pidIn[row] = pid
    if (pid > 0) this.#rowOf.set(pid, row)
    this.#word.writeInt32LE(pid, 0)
    this.#memory.write(this.#at + row * PID_BYTES, this.#word)
  }
}

/** The writer's side. */
export class FamilyReader {
  readonly #pids: Int32Array
  readonly #rows: Buffer

  constructor(memory: Buffer, at: number) {
    this.#pids = new Int32Array(memory.buffer, memory.byteOffset + at, MOST_ROWS)
    this.#rows = memory.subarray(at + ROWS_AT, at + FAMILY_BYTES)
  }

  /** Undefined for a process that the supervisor has not forked, or not yet told of. */
  who(pid: number): Known | undefined {
    const row = pid > 0 ? this.#pids.indexOf(pid) : -1
    if (row < 0) return undefined
    const at = row * ROW_BYTES
    const number = this.#rows.readDoubleLE(at)
    const isWorker = this.#rows.readUInt16LE(at + 8) === 1
    const dead = this.#rows.readUInt16LE(at + DEAD_AT) === 1
    const from = at + PEER_AT
    const peer = this.#rows.toString('utf8', from, from + this.#rows.readUInt16LE(at + 10))
    // the row was given to another meanwhile
    if (Atomics.load(this.#pids, row) !== pid) return undefined
    const known: Known = isWorker ? { worker: number } : { connection: number, peer }
    return dead ? { ...known, dead } : known
  }
}
