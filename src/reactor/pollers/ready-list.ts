/** What a wait has found: pairs of descriptor and readiness, in arrays that are filled anew each time. */

export class ReadyList {
  #fds = new Int32Array(64)
  #readiness = new Uint8Array(64)
  length = 0

  add(fd: number, readiness: number): void {
    if (this.length === this.#fds.length) this.#grow()
    this.#fds[this.length] = fd
    this.#readiness[this.length++] = readiness
  }

  fd(index: number): number {
    return this.#fds[index] as number
  }

  readiness(index: number): number {
    return this.#readiness[index] as number
  }

  #grow(): void {
    const fds = new Int32Array(this.length * 2)
    const readiness = new Uint8Array(this.length * 2)
    fds.set(this.#fds)
    readiness.set(this.#readiness)
    this.#fds = fds
    this.#readiness = readiness
  }
}
