/** A copy of the checkout with what a page adds, compiled. */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { blocksOf, changed } from './page-blocks.js'

const repository = fileURLToPath(new URL('../../../', import.meta.url))
/** What is compiled, linted and run. */
const COPIED = ['src', 'test', 'bench', 'examples', 'scripts', 'docs', 'page', 'bin', 'package.json', 'tsconfig.json']
const FOR_LINT = ['biome.json', '.gitignore', '.dependency-cruiser.mjs']

/** What a page adds may hang. */
const LIMIT_MS = 60_000

/** Output of a program that ran to its end with status 0. */
export type Output = { stdout: string; stderr: string }

export class ChangedCheckout {
  readonly root = mkdtempSync(join(tmpdir(), 'tined-changed-'))
  readonly #changed = new Set<string>()

  /** Makes the files that a page adds, and changes those it changes. @throws {Error} lines that are not there, a file that is */
  apply(page: string): void {
    for (const name of [...COPIED, ...FOR_LINT])
      cpSync(join(repository, name), this.path(name), {
        recursive: true,
        filter: (path) => !path.includes('/bench/results'),
      })
    symlinkSync(join(repository, 'node_modules'), this.path('node_modules'))
    for (const block of blocksOf(page)) {
      const path = this.path(block.path)
      mkdirSync(dirname(path), { recursive: true })
      if (block.isChange) writeFileSync(path, changed(readFileSync(path, 'utf8'), block))
      else writeFileSync(path, block.text, { flag: 'wx' })
      this.#changed.add(block.path)
    }
  }

  /** Files that are not as in the checkout. */
  get changed(): readonly string[] {
    return [...this.#changed]
  }

  path(name: string): string {
    return join(this.root, name)
  }

  /** Runs a program of a package: `tsc -p .` */
  tool(name: string, ...args: string[]): Promise<Output> {
    return this.node(`node_modules/.bin/${name}`, ...args)
  }

  /** Runs a script on this Node. @throws {Error} with all it printed, when its status is not 0 */
  node(...args: string[]): Promise<Output> {
    const { NODE_TEST_CONTEXT: _context, ...env } = process.env // a test runner in a test runner prints nothing
    return new Promise((resolve, reject) => {
      execFile(
        process.execPath,
        args,
        { cwd: this.root, env, timeout: LIMIT_MS, killSignal: 'SIGKILL' },
        (error, stdout, stderr) => {
          if (error === null) resolve({ stdout, stderr })
          else
            reject(new Error(`node ${args.join(' ')}: ${error.signal ?? `status ${error.code}`}\n${stdout}${stderr}`))
        },
      )
    })
  }

  /** Runs the tests of a compiled file whose names have `pattern`. @returns how many ran */
  async test(file: string, pattern: string): Promise<number> {
    const { stdout } = await this.node('--test-reporter=tap', `--test-name-pattern=${pattern}`, `dist/test/${file}`)
    return Number(/^# pass (\d+)$/m.exec(stdout)?.[1])
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }
}
