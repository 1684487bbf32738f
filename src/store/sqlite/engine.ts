/**
 * SQLite itself: Node's own from 22.13 on, else the package better-sqlite3 where it is installed. Neither is an import: Tined does without
 * them, and says so only to whom wants a `sqlite:` sink.
 */
import { createRequire } from 'node:module'
import { StoreError } from '../file/store-error.js'

export type Value = number | string | null | Uint8Array
export type Row = Record<string, Value>

export interface Statement {
  run(...values: Value[]): unknown
  /** Undefined, or null, when there is none. */
  get(...values: Value[]): unknown
  all(...values: Value[]): unknown[]
}

export interface Connection {
  exec(sql: string): unknown
  prepare(sql: string): Statement
  close(): unknown
}

/** Opens a database. */
export type Engine = (path: string, readOnly: boolean) => Connection

/** As far as these are used here. */
interface Loaded {
  DatabaseSync: new (path: string, options: { readOnly: boolean }) => Connection
}
type BetterSqlite3 = new (path: string, options: { readonly: boolean }) => Connection

const require = createRequire(import.meta.url)

/** Without the warning that it is experimental: what is used of it is the same in all of them. */
function silently<Result>(act: () => Result): Result {
  const warn = process.emitWarning
  process.emitWarning = () => undefined
  try {
    return act()
  } finally {
    process.emitWarning = warn
  }
}

/** Undefined when there is none. @throws {StoreError} when it is there and cannot be loaded */
function load<Module>(name: string): Module | undefined {
  try {
    return silently(() => require(name) as Module)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'MODULE_NOT_FOUND' || code === 'ERR_UNKNOWN_BUILTIN_MODULE') return undefined
    throw new StoreError(`sqlite: ${name} cannot be loaded: ${message.split('\n')[0]}`)
  }
}

let found: Engine | undefined

/** @throws {StoreError} when there is none */
export function engine(): Engine {
  const own = found === undefined ? load<Loaded>('node:sqlite') : undefined
  if (own !== undefined) found = (path, readOnly) => new own.DatabaseSync(path, { readOnly })
  const other = found === undefined ? load<BetterSqlite3>('better-sqlite3') : undefined
  if (other !== undefined) found = (path, readOnly) => new other(path, { readonly: readOnly })
  if (found === undefined)
    throw new StoreError(
      `sqlite: this Node (${process.version}) has no SQLite: use Node 22.13 or later, or npm install better-sqlite3@12`,
    )
  return found
}
