/** A terminal whose size can be changed: tmux(1). */
import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'

export const noTmux: string | false =
  spawnSync('tmux', ['-V']).status === 0 ? false : 'tmux(1) is not installed (apt-get install tmux)'

export class Terminal {
  /** Of a server of its own. */
  readonly #name = `tined-test-${randomUUID()}`

  /** @param command what runs in it */
  constructor(command: readonly string[], columns: number, rows: number) {
    const size = ['-x', `${columns}`, '-y', `${rows}`]
    this.#tmux('-f', '/dev/null', 'new-session', '-d', ...size, ...command)
  }

  #tmux(...args: string[]): string {
    const { status, stdout, stderr } = spawnSync('tmux', ['-L', this.#name, ...args], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`tmux ${args[0]}: ${stderr}`)
    return stdout
  }

  resize(columns: number, rows: number): void {
    this.#tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`)
  }

  /** What is on it, without blanks at the ends of lines. */
  lines(): string[] {
    return this.#tmux('capture-pane', '-p')
      .split('\n')
      .map((line) => line.trimEnd())
  }

  /** Ends what runs in it. */
  close(): void {
    this.#tmux('kill-server')
  }
}
