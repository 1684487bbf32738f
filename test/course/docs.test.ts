/** The pages of the course show the programs as they are. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { languages } from '../../src/cli/course/explain.js'
import { programNames } from '../../src/cli/course/programs.js'
import { noCompiler } from '../harness/compiler.js'

const here = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

test('the pages of the course hold the programs and texts as they are (npm run docs:course)', () => {
  const { status, stderr } = spawnSync(process.execPath, [here('scripts/course-docs.mjs'), '--check'])
  assert.equal(status, 0, stderr.toString())
})

test('every program is there in C and in TypeScript, in both languages, and no other', () => {
  const namesIn = (folder: string, suffix: string): string[] =>
    readdirSync(here(folder))
      .filter((file) => file.endsWith(suffix))
      .map((file) => file.slice(0, -suffix.length))
  for (const folder of ['examples', 'examples/ko']) {
    assert.deepEqual(namesIn(folder, '.ts').sort(), [...programNames].sort())
    assert.deepEqual(namesIn(`${folder}/c`, '.c').sort(), [...programNames].sort())
  }
})

const [english, korean] = ['docs/course/calls.md', 'docs/course/calls.ko.md'].map((page) =>
  readFileSync(here(page), 'utf8'),
)
/** `prototype` `<header>`, as the first cell of a line */
const prototypesIn = (page = ''): [prototype: string, header: string][] =>
  [...page.matchAll(/^\| `([^`]+)` `<([\w/.]+)>` \|/gm)].map(([, prototype = '', header = '']) => [prototype, header])

test('the pages have the same prototypes, and the C compiler knows each from the header beside it', {
  skip: noCompiler,
}, () => {
  const prototypes = prototypesIn(english)
  assert.ok(prototypes.length > 10)
  assert.deepEqual(prototypesIn(korean), prototypes)
  for (const [prototype, header] of prototypes) {
    const isMacro = /\b(W[A-Z]+|FD_[A-Z]+)\(/.exec(prototype)?.[1]
    const use = isMacro === undefined ? `${prototype};` : `#ifndef ${isMacro}\n#error no such macro\n#endif`
    const { status, stderr } = spawnSync('cc', ['-x', 'c', '-fsyntax-only', '-'], {
      input: `#include <${header}>\n${use}\n`,
      encoding: 'utf8',
    })
    assert.equal(status, 0, stderr)
  }
})

test('the Korean texts point at the same commands as the English ones', () => {
  const commandsIn = (text: string): string[] =>
    [...text.matchAll(/`((?:tined|ps|ls|grep|nc|kill|cat) [^`]*)`/g)].map(([, command = '']) => command)
  for (const name of programNames) {
    const [english, korean] = [languages.en.texts[name], languages.ko.texts[name]]
    for (const part of ['watch', 'mistake'] as const)
      assert.deepEqual(commandsIn(korean[part]).sort(), commandsIn(english[part]).sort(), `${name}, ${part}`)
  }
})
