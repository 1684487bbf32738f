/** A connection's link to the writer by its worker's channel. */

import { FRAME_BYTES } from '../frames.js'
import { ACK_BYTES, DETAILED_BYTES, encodeRegistration, SEQUENCE_BYTES } from '../wire.js'
import type { Heard, Link, LinkOwner, Outgoing } from './link.js'
import type { WorkerChannel } from './worker-channel.js'
import { hear } from './writer-socket.js'

/** Some of a packet may be stored, and the rest not. */
const ANSWER_BYTES = FRAME_BYTES + 2 * ACK_BYTES
const DETAILED_ANSWER_BYTES = FRAME_BYTES + DETAILED_BYTES + ACK_BYTES

export class SharedLink implements Link {
  readonly #channel: WorkerChannel
  readonly #owner: LinkOwner
  readonly #outbox: Outgoing
  readonly #heard: Heard
  /** The writer has been told who this is. */
  #known = false
  #closing = false
  /** Of what is under way: first messages of packets in which some end, each with the bytes of its answer. */
  #packets: number[] = []

  constructor(channel: WorkerChannel, owner: LinkOwner, outbox: Outgoing, heard: Heard) {
    this.#channel = channel
    this.#owner = owner
    this.#outbox = outbox
    this.#heard = heard
    channel.add(owner.id, this)
  }

  flush(): void {
    const channel = this.#channel
    const outbox = this.#outbox
    if (!outbox.backlog) return
    if (channel.open(this.#owner.reactor))
      while (channel.hasRoom) {
        this.#introduce()
        const next = outbox.next()
        if (next === undefined) return
        channel.send(this.#owner.id, next, this.#expect(next.message, next.ends))
      }
    channel.await(this)
  }

  close(): void {
    this.flush()
    this.#closing = true
    this.#leaveIfAnswered()
  }

  hear(told: Buffer, from: number, to: number): void {
    hear(told, from, to, this.#owner, this.#heard)
    const packets = this.#packets
    const { acknowledged } = this.#outbox
    while (packets.length > 0 && (packets[0] as number) <= acknowledged) {
      packets.shift()
      this.#channel.settle(packets.shift() as number)
    }
    if (this.#closing) this.#leaveIfAnswered()
  }

  lost(): void {
    this.#known = false
    for (let at = 1; at < this.#packets.length; at += 2) this.#channel.settle(this.#packets[at] as number)
    this.#packets = []
    this.#outbox.rewind()
  }

  #introduce(): void {
    if (this.#known) return
    this.#known = true
    const { id, peerName, wantsSequences = false } = this.#owner
    const { acknowledged } = this.#outbox
    const registration = {
      acknowledged,
      connection: id,
      peer: peerName,
      wantsSequences,
      unnumbered: false,
      shared: true,
    }
    this.#channel.introduce(id, encodeRegistration(registration))
  }

  /** Notes what may come back for a packet; returns how many bytes. */
  #expect(message: number, ends: number): number {
    if (ends === 0) return 0
    const bytes = this.#owner.wantsSequences === true ? DETAILED_ANSWER_BYTES + SEQUENCE_BYTES * ends : ANSWER_BYTES
    this.#packets.push(message, bytes)
    return bytes
  }

  #leaveIfAnswered(): void {
    if (this.#outbox.answered) this.#channel.leave(this.#owner.id, this.#known)
  }
}
