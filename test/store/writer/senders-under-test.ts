/** Who sends to a writer that dies: what each sent, and what it was told. */
import assert from 'node:assert/strict'
import type { Reactor } from '../../../src/reactor/reactor.js'
import { MessageOutbox } from '../../../src/store/appending/message-outbox.js'
import type { Link, MakeLink } from '../../../src/store/connection/link.js'
import { Outbox } from '../../../src/store/connection/outbox.js'
import { type Durability, durabilityOf } from '../../../src/store/durability.js'

/** One connection: what it sent and what came back. */
export class Peer {
  readonly sent: string[] = []
  back = ''
  readonly outbox = new Outbox(65_536, Buffer.alloc(1024))
  readonly link: Link

  constructor(id: number, makeLink: MakeLink, reactor: Reactor) {
    this.link = makeLink({ id, peerName: 'peer', reactor }, this.outbox, (through, errno) => {
      assert.equal(errno, 0)
      this.back += this.outbox.acknowledge(through).toString('latin1')
      this.link.flush()
    })
  }

  send(line: string): void {
    this.sent.push(line)
    this.outbox.append(Buffer.from(`${line}\n`))
    this.link.flush()
  }
}

/** One that appends messages, each as durable as it likes and every other one with a field. */
export class Appending {
  readonly sent: string[] = []
  readonly told: { durability: Durability; sequence: number | undefined }[] = []
  readonly outbox = new MessageOutbox()
  readonly link: Link

  constructor(id: number, makeLink: MakeLink, reactor: Reactor) {
    const owner = { id, peerName: 'peer', reactor, wantsSequences: true }
    this.link = makeLink(owner, this.outbox, (through, errno, reached, stored) => {
      assert.equal(errno, 0)
      const durability = durabilityOf(reached) as Durability
      const count = this.outbox.acknowledge(through)
      for (let index = 0; index < count; index++) this.told.push({ durability, sequence: stored?.sequences[index] })
      this.link.flush()
    })
  }

  send(message: string, durability: Durability, fields: boolean): void {
    this.sent.push(message)
    this.outbox.add(Buffer.from(message), { durability, fields: fields ? '{"a":1}' : undefined })
    this.link.flush()
  }

  /** Only what was in memory may be missing, and nothing is there twice or in another order. */
  check(stored: readonly string[], seqs: readonly (number | undefined)[], seed: number): number {
    assert.equal(this.told.length, this.sent.length, `seed ${seed}: all are told`)
    let last = -1
    let lost = 0
    for (const [index, message] of this.sent.entries()) {
      const { durability, sequence } = this.told[index] as (typeof this.told)[number]
      const place = stored.indexOf(message)
      if (place < 0) {
        assert.equal(durability, 'memory', `seed ${seed}: ${message.slice(0, 10)} was ${durability}`)
        lost++
        continue
      }
      assert.ok(place > last && stored.indexOf(message, place + 1) < 0, `seed ${seed}: once, in order`)
      if (sequence !== undefined && seqs.length > 0) assert.equal(sequence, seqs[place], `seed ${seed}: its number`)
      last = place
    }
    return lost
  }
}
