/** Which call each process is in, by what it tells (src/posix/trace/watcher.ts). */

export class Calls {
  /** By pid: a handler makes calls in the middle of another. */
  readonly #open = new Map<number, string[]>()
  #rest = ''

  /** @param text as it comes: lines may be torn */
  take(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      const [, pid = '', call = ''] = /^(\d+) ?(.*)$/s.exec(line) ?? []
      const open = this.#open.get(Number(pid)) ?? []
      if (call === '') open.pop()
      else open.push(call)
      this.#open.set(Number(pid), open)
    }
  }

  of = (pid: number): string => this.#open.get(pid)?.at(-1) ?? ''
}
