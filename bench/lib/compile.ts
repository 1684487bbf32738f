import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atExit } from './cleanup.js'
import { onPath, peersFolder } from './paths.js'

/** Makes a temporary folder that is removed when the bench ends. */
export function makeScratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tined-bench-'))
  atExit(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export function hasCompiler(): boolean {
  return onPath('cc')
}

/** Compiles bench/peers/NAME.c and returns the path of the program. */
export function compile(name: string, scratch: string): string {
  const program = join(scratch, name)
  execFileSync('cc', ['-O2', '-o', program, join(peersFolder, `${name}.c`)], { stdio: ['ignore', 'ignore', 'inherit'] })
  return program
}

/** Compiles bench/peers/NAME.c to be preloaded, and returns the path of the library. */
export function compileLibrary(name: string, scratch: string): string {
  const library = join(scratch, `${name}.so`)
  const from = join(peersFolder, `${name}.c`)
  execFileSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, from], { stdio: ['ignore', 'ignore', 'inherit'] })
  return library
}

/** Compiles bench/peers/NAME.go and returns the path of the program; undefined where Go is not installed. */
export function compileGo(name: string, scratch: string): string | undefined {
  if (!onPath('go')) return undefined
  const program = join(scratch, name)
  const env = { ...process.env, GO111MODULE: 'off', GOCACHE: join(scratch, 'go-cache') }
  execFileSync('go', ['build', '-o', program, join(peersFolder, `${name}.go`)], { env })
  return program
}
