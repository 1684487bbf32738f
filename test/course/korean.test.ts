/** The Korean programs are the English ones, but for what they print and what their comments say. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import jsTokens from 'js-tokens'
import { sourceOf, sourcePath } from '../../src/cli/course/files.js'
import { type Language, languageOf } from '../../src/cli/course/language.js'
import { programNames } from '../../src/cli/course/programs.js'
import { noCompiler } from '../harness/compiler.js'
import { runToEnd, tined } from '../harness/program.js'

const here = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url))

/** What is printed with `%`, in its order. */
const conversionsIn = (text: string): string => (text.match(/%[.*\d]*[a-z]/g) ?? []).join(' ')

/** Tokens without words: of a comment only that it is there, of a string what is to be filled in. */
const tokensOf = (source: string): string[] =>
  Array.from(jsTokens(source), ({ type, value }) => {
    if (type.endsWith('Comment')) return type
    if (type === 'StringLiteral') return `string ${conversionsIn(value)}`
    return type.includes('Template') ? type : value
  }).filter((token) => !/^[ \t]+$/.test(token))

/** C has no template, and its comments and strings are JavaScript's; what is in an include is no string. */
const withoutIncludes = (source: string): string =>
  source.replace(/^#include .*$/gm, (line) => `include(${line.length})`)

const commentsIn = (source: string): string[] =>
  Array.from(jsTokens(source), ({ type, value }) => (type.endsWith('Comment') ? value : '')).filter(
    (text) => text !== '',
  )

const withoutComments = (source: string): string =>
  Array.from(jsTokens(source), ({ type, value }) => (type.endsWith('Comment') ? '' : value)).join('')

for (const version of ['ts', 'c'] as const)
  test(`the ${version} programs have the same lines and tokens in both languages`, () => {
    for (const name of programNames) {
      const [english, korean] = (['en', 'ko'] as const).map((language) => sourceOf(name, version, language))
      assert.deepEqual(tokensOf(withoutIncludes(korean ?? '')), tokensOf(withoutIncludes(english ?? '')), name)
      assert.equal(korean?.split('\n').length, english?.split('\n').length)
      assert.deepEqual(
        commentsIn(korean ?? '').filter((text) => !/[가-힣]/.test(text)),
        [],
      )
      assert.notEqual(withoutComments(korean ?? ''), withoutComments(english ?? ''), `${name} prints the same`)
    }
  })

test('the compiler takes the Korean ones without a warning', { skip: noCompiler }, () => {
  const files = programNames.map((name) => here(sourcePath(name, 'c', 'ko')))
  const { status, stderr } = spawnSync('cc', ['-fsyntax-only', '-Wall', '-Wextra', '-Werror', ...files])
  assert.equal(status, 0, stderr.toString())
})

test('the language is that of the locale: the first of three variables that is set', () => {
  const cases: [NodeJS.ProcessEnv, Language][] = [
    [{ LANG: 'ko_KR.UTF-8' }, 'ko'],
    [{ LC_ALL: 'C', LANG: 'ko_KR.UTF-8' }, 'en'],
    [{ LC_ALL: '', LC_MESSAGES: 'ko', LANG: 'en_US' }, 'ko'],
    [{ LANG: 'kok_IN' }, 'en'],
    [{}, 'en'],
  ]
  for (const [environment, expected] of cases) assert.equal(languageOf(environment), expected)
})

test('with a Korean locale the explanation and the program are Korean, unless --lang says otherwise', async () => {
  const env = { LC_ALL: 'ko_KR.UTF-8' }
  const korean = await runToEnd({ ...tined('course', 'pipe1'), env }, 20_000)
  assert.equal(korean.stdout, '부모: 너는 누구니?\n')
  assert.match(korean.stderr, /^pipe1: 파이프로 자식이 부모에게/)
  const english = await runToEnd({ ...tined('course', 'pipe1', '--lang', 'en', '--c'), env }, 20_000)
  assert.equal(english.stdout, readFileSync(here('examples/c/pipe1.c'), 'utf8'))
})
