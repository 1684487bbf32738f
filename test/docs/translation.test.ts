/** README.ko.md says what README.md says: the same code, links, names and figures under as many headings. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { codeIn, figuresIn, headingsIn, linksIn, namesIn } from './page-parts.js'

const page = (name: string): string => readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')
const [english, korean] = [page('README.md'), page('README.ko.md')]

/** Each leads to the other, at its top. */
const linksBut = (other: string, text: string): string[] => {
  const [first, ...rest] = linksIn(text)
  assert.equal(first, other)
  return rest.sort()
}

const alike: readonly [what: string, of: (text: string) => readonly string[]][] = [
  ['blocks of code', codeIn],
  ['headings', headingsIn],
  ['names', namesIn],
  ['figures', figuresIn],
]
for (const [what, of] of alike)
  test(`README.md and README.ko.md have the same ${what}`, () => {
    assert.ok(of(english).length > 5, 'the search finds what is there')
    assert.deepEqual(of(korean), of(english))
  })

test('README.md and README.ko.md lead to the same places, and to each other', () =>
  assert.deepEqual(linksBut('README.md', korean), linksBut('README.ko.md', english)))

test('README.ko.md is in Korean, but for what is code', () => {
  const prose = korean.replace(/^```.*?^```$/gms, '').split(/\n{2,}/)
  const paragraphs = prose.filter((text) => !/^(\s|[#|!-]|\[English\])/.test(text) && text.trim() !== '')
  assert.deepEqual(
    paragraphs.filter((text) => !/[가-힣]/.test(text)),
    [],
  )
})
