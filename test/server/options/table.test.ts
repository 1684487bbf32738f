/** The tables of options: what each entry must have, and the TypeScript types that come of them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OptionsOf, OptionTable } from '../../../src/server/options/option.js'
import { serverOptions } from '../../../src/server/options/table.js'
import type { Model, ServeOptions, ServerOptions } from '../../../src/server/options.js'
import { type StoreOptions, storeOptions } from '../../../src/services/store-options.js'

/** True only for the same type, optional and undefined told apart. */
type Same<One, Other> = (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false
type Flat<T> = { [Name in keyof T]: T[Name] }

/** Do not compile when an interface and its table differ: a name, a type, or what must be given. */
const serve: Same<Flat<ServeOptions>, Flat<OptionsOf<typeof serverOptions>>> = true
const store: Same<Flat<StoreOptions>, Flat<OptionsOf<typeof storeOptions>>> = true
/** Does not compile when the types of the table say nothing. */
const some: Same<
  Pick<ServeOptions, 'model' | 'workers' | 'listen'>,
  { model?: Model | undefined; workers?: number | undefined; listen?: string | readonly string[] | undefined }
> = true
const filled: Same<
  Pick<ServerOptions, 'workers' | 'reusePort' | 'portFile' | 'portFd'>,
  { workers: number; reusePort: boolean; portFile: string | undefined; portFd: number | undefined }
> = true

test('the types of options are those of their tables', () =>
  assert.deepEqual([serve, store, some, filled], [true, true, true, true]))

const tables: OptionTable[] = [serverOptions, storeOptions]
const entries = tables.flatMap((table) => Object.entries(table))

for (const [name, { type, default: fallback, commandDefault, notAbove }] of entries)
  test(`the defaults of ${name} are values it may have, and can be typed`, () => {
    for (const value of [fallback, commandDefault]) {
      if (value === undefined) continue
      type.check(name, value)
      assert.deepEqual(type.read(name, type.show(value)), value)
    }
    const names = entries.map(([other]) => other)
    if (notAbove !== undefined) assert.ok(names.indexOf(notAbove) < names.indexOf(name), 'it is checked after that')
  })

test('no two options have the same flag', () => {
  const flags = entries.flatMap(([, { flag }]) => flag ?? [])
  assert.equal(new Set(flags).size, flags.length)
})
