import assert from 'node:assert/strict'
import { test } from 'node:test'
import { here, type Layout } from '../../src/libc/layout/tables.js'
import * as api from '../../src/posix/index.js'
import { noCompiler } from '../harness/compiler.js'
import { evaluate } from './c-probe.js'

/** Ours: no header has them; and one that is a number of 64 bits there and Infinity here. */
const NOT_IN_C = new Set(['SIGNALFD_SIGINFO_BYTES', 'SIGINFO_BYTES', 'RLIM_INFINITY'])

const constants = Object.entries(api).filter(
  (entry): entry is [string, number] =>
    typeof entry[1] === 'number' && /^[A-Z][A-Z0-9_]+$/.test(entry[0]) && !NOT_IN_C.has(entry[0]),
)

test('every constant has the value that the C compiler of this machine knows', { skip: noCompiler }, () => {
  assert.ok(constants.length > 200, `${constants.length} found`)
  const values = evaluate(constants.map(([name]) => name))
  const ours = constants.map(([name, value]) => [name, value >>> 0])
  const theirs = constants.map(([name], index) => [name, Number(BigInt.asUintN(32, values[index] as bigint))])
  assert.deepEqual(ours, theirs)
})

const structs = Object.entries(here) as [string, Layout<string>][]

test('every struct has the size and the members that the C compiler of this machine knows', {
  skip: noCompiler,
}, () => {
  const expressions = structs.flatMap(([name, { members }]) => [
    `sizeof(struct ${name})`,
    ...Object.keys(members).flatMap((member) => [
      `offsetof(struct ${name}, ${member})`,
      `sizeof(((struct ${name} *)0)->${member})`,
    ]),
  ])
  const ours = structs.flatMap(([, { size, members }]) => [size, ...Object.values(members).flat()])
  const theirs = evaluate(expressions).map(Number)
  const named = (values: readonly number[]) => expressions.map((expression, index) => [expression, values[index]])
  assert.deepEqual(named(ours), named(theirs))
})
