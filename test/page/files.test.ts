/** The language that a browser wants, and the files of the page. */
import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { inLanguage, languageFor, readFiles } from '../../src/page/files.js'
import { withFolder } from '../harness/folder.js'

const wanted: [header: string | undefined, language: string][] = [
  [undefined, 'en'],
  ['ko', 'ko'],
  ['ko-KR,ko;q=0.9,en;q=0.8', 'ko'],
  ['en-US,en;q=0.9,ko;q=0.8', 'en'],
  ['ko;q=0.1, en;q=0.2', 'en'],
  ['de, ko;q=0.5', 'ko'],
  ['ko;q=0', 'en'],
  ['*', 'en'],
  [';;;q=,', 'en'],
]
for (const [header, language] of wanted)
  test(`Accept-Language ${header} is ${language}`, () => assert.equal(languageFor(header), language))

test('files by their paths, the first page in the language of the browser; others are not served', async () => {
  await withFolder((folder) => {
    assert.throws(() => readFiles(folder), /npm run build/)
    mkdirSync(join(folder, 'docs'))
    writeFileSync(join(folder, 'index.html'), '<html lang="en"></html>')
    writeFileSync(join(folder, 'docs/ps.html'), 'ps')
    writeFileSync(join(folder, 'secret.key'), 'x')
    const files = readFiles(folder)
    assert.deepEqual([...files.keys()].sort(), ['/', '/docs/ps.html', '/index.html'])
    const index = files.get('/')
    assert.equal(index && inLanguage(index, 'ko').bytes.toString(), '<html lang="ko"></html>')
  })
})
