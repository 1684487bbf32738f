/** Projects of users that must compile with the package's types: as strict as can be, and with as little as can be. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const STRICTEST = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  // the package's own types are checked, and name what they need themselves
  skipLibCheck: false,
  types: [],
  target: 'es2022',
  noEmit: true,
}

/** `undefined` for every option is as good as leaving it out. */
const ESM = `
import { type ConnectionHandler, type ConnectOptions, connect, type ForkOptions, fork, type ServeOptions, serve } from 'tined'
import * as posix from 'tined/posix'
import { openStore, type OpenStoreOptions, read, type ReadOptions, store, type StoreOptions } from 'tined/store'
import { startProgram } from 'tined/testing'
type Nothing<Options> = { [Name in keyof Required<Options>]: undefined }
export const options = (nothing: Nothing<ServeOptions>): ServeOptions => nothing
export const ofConnect = (nothing: Nothing<ConnectOptions>): ConnectOptions => nothing
export const ofFork = (nothing: Nothing<ForkOptions>): ForkOptions => nothing
export const ofHandler = (nothing: Nothing<ConnectionHandler>): ConnectionHandler => nothing
export const client = (): ReturnType<typeof connect> => connect('localhost:9190')
export const program = (): ReturnType<typeof startProgram> => startProgram('app.js')
export const pid: number = posix.getpid()
export const forked = (): number => fork()
export const ofStore = (nothing: Omit<Nothing<StoreOptions>, 'to'>): StoreOptions => ({ ...nothing, to: 'a' })
export const ofOpenStore = (nothing: Omit<Nothing<OpenStoreOptions>, 'to'>): OpenStoreOptions => ({ ...nothing, to: 'a' })
export const ofRead = (nothing: Nothing<ReadOptions>): ReadOptions => nothing
export const appended = async (): Promise<number | undefined> => (await openStore({ to: 'a' }).append('b')).sequence
export const messages = (): AsyncGenerator<{ message: Uint8Array }> => read('a')
await serve({ port: 0 }, store({ to: 'b' }))
await serve({ port: 0, model: undefined }, async (connection) => {
  for await (const chunk of connection) await connection.write(chunk.subarray(1))
})
`
const COMMONJS = `
import tined = require('tined')
void tined.serve({ port: 0 }, { data: (connection, chunk) => connection.write(chunk) })
`

/** Source files and compiler options by name. */
export const projects = {
  'module nodenext, types [], skipLibCheck false, exactOptionalPropertyTypes': {
    options: { ...STRICTEST, module: 'nodenext' },
    files: { 'app.mts': ESM, 'app.cts': COMMONJS },
  },
  'moduleResolution bundler, the same': {
    options: { ...STRICTEST, module: 'esnext', moduleResolution: 'bundler' },
    files: { 'app.mts': ESM },
  },
}

/**
 * Compiles a project in a new folder.
 *
 * @param folder has `node_modules/tined` in itself or above
 * @param compiler tsc, as a program for Node
 * @returns what the compiler says; nothing when all is well
 */
export function compile({ options, files }, folder, compiler) {
  mkdirSync(folder)
  const config = { compilerOptions: options, include: Object.keys(files) }
  for (const [name, text] of Object.entries({ ...files, 'tsconfig.json': JSON.stringify(config) }))
    writeFileSync(join(folder, name), text)
  try {
    execFileSync(process.execPath, [compiler, '-p', folder], { encoding: 'utf8', stdio: 'pipe' })
    return ''
  } catch (error) {
    return `${error.stdout}${error.stderr}`.trim() || String(error)
  }
}
