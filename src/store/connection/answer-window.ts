/**
 * How much a worker may have under way with the writer: the answers fit into the socket whatever becomes of the messages, as the kernel counts,
 * which is some 800 bytes more for each packet. So the writer never waits for a worker, not even for one that is stopped.
 */

const MOST_PACKETS = 64
const MOST_ANSWER_BYTES = 64 * 1024

export class AnswerWindow {
  /** Bytes of answers that were expected so far, and those of them that are settled. */
  #expected = 0
  #settled = 0
  /** Of each packet under way, what was expected when it was sent: it is answered once so much is settled. */
  #packets: number[] = []

  get hasRoom(): boolean {
    return this.#expected - this.#settled < MOST_ANSWER_BYTES && this.#packets.length < MOST_PACKETS
  }

  expect(bytes: number): void {
    this.#expected += bytes
  }

  /** Answers of so many bytes have come, or will not come any more. */
  settle(bytes: number): void {
    this.#settled += bytes
    while (this.#packets.length > 0 && (this.#packets[0] as number) <= this.#settled) this.#packets.shift()
  }

  /** What was expected and not sent yet is in a packet that has been sent. */
  sent(): void {
    if (this.#expected > this.#settled) this.#packets.push(this.#expected)
  }

  /** No answer will come to what was sent. */
  clear(): void {
    this.#packets = []
  }
}
