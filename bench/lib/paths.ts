import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Compiled, this file is dist/bench/lib/paths.js; the C, Perl and Python sources are not copied into dist.
export const root = fileURLToPath(new URL('../../../', import.meta.url))
export const peersFolder = join(root, 'bench/peers')
export const resultsFolder = join(root, 'bench/results')
export const tinedProgram = join(root, 'bin/tined')
export const usersEchoProgram = join(root, 'dist/bench/servers/users-echo.js')

export function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Reports whether a shell would find the command. */
export function onPath(command: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => executable(join(folder, command)))
}
