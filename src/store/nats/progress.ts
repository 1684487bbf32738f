/**
 * How far writer and forwarder are, each for the other: numbers in a memory file, which outlive both, and a socket pair by which one wakes
 * the other. What does not fit into a socket need not: whoever is to be woken has something to wake up for already. memfd_create(2)
 */
import { readSync, writeSync } from 'node:fs'
import type { Replication } from '../connection/until-replicated.js'

/** Places in the memory file. */
const STORED = 0
const FORWARDED = 1
const WORD_BYTES = 8
export const PROGRESS_BYTES = 2 * WORD_BYTES

/** A number that another process may be writing at this moment: read until it is the same twice. */
function steady(memory: Buffer, place: number): number {
  for (let before = Number.NaN; ; ) {
    const now = memory.readDoubleLE(place * WORD_BYTES)
    if (now === before) return now
    before = now
  }
}

/** For whoever only looks. @param memory the file, mapped */
export const progressIn = (memory: Buffer): Replication => ({
  get stored() {
    return steady(memory, STORED)
  },
  get forwarded() {
    return steady(memory, FORWARDED)
  },
})

const RING = Buffer.from('.')

export class Progress {
  readonly #memory: number
  /** The end by which this process is woken, and wakes the other. */
  readonly bell: number
  readonly #word = Buffer.alloc(WORD_BYTES)

  constructor(memory: number, bell: number) {
    this.#memory = memory
    this.bell = bell
  }

  /** Through which sequence number the spool is as durable as it is to be before it is forwarded. */
  get stored(): number {
    return this.#get(STORED)
  }

  set stored(sequence: number) {
    this.#set(STORED, sequence)
  }

  /** Through which sequence number the stream has everything. */
  get forwarded(): number {
    return this.#get(FORWARDED)
  }

  set forwarded(sequence: number) {
    this.#set(FORWARDED, sequence)
  }

  ring(): void {
    try {
      writeSync(this.bell, RING)
    } catch (error) {
      // it has enough to wake up for; or nobody is there, and whoever comes looks first
      if (!['EAGAIN', 'EPIPE', 'ECONNRESET'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    }
  }

  #get(place: number): number {
    readSync(this.#memory, this.#word, 0, WORD_BYTES, place * WORD_BYTES)
    return this.#word.readDoubleLE(0)
  }

  #set(place: number, value: number): void {
    this.#word.writeDoubleLE(value, 0)
    writeSync(this.#memory, this.#word, 0, WORD_BYTES, place * WORD_BYTES)
  }
}
