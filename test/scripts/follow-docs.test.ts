/** npm run check:docs: a page that says what happens is followed, and any other is refused in words, with the place. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { until } from '../harness/until.js'
import { repository } from './checkout.js'

interface Place {
  folder: string
  env: Readonly<Record<string, string>>
  archive: string
  notFollowed: object
}
const script = <Exports>(path: string): Promise<Exports> => import(join(repository, 'scripts', path))
const { follow } = await script<{ follow: (name: string, text: string, place: Place) => Promise<number> }>(
  'follow-docs/follow.mjs',
)
const { readersEnvironment } = await script<{ readersEnvironment: (mark: string) => Record<string, string> }>(
  'follow-docs/shell.mjs',
)
const { NotFollowed } = await script<{
  NotFollowed: new (blocks: object) => { readonly gone: readonly string[] }
}>('follow-docs/not-followed.mjs')
const { marked } = await script<{ marked: (mark: string) => object[] }>('test/processes.mjs')

let count = 0

/** Follows a page in an empty folder; whatever comes of it, nothing runs any more. */
async function followed(page: string, notFollowed: object = new NotFollowed({})): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tined-follow-'))
  const mark = `FOLLOWED=${process.pid}-${++count}`
  try {
    return await follow('page.md', page, { folder, env: readersEnvironment(mark), archive: '/none.tgz', notFollowed })
  } finally {
    await until('nothing runs any more', () => marked(mark).length === 0)
    rmSync(folder, { recursive: true })
  }
}

const block = (info: string, ...lines: string[]): string => `\`\`\`${info}\n${lines.join('\n')}\n\`\`\`\n`

/** Serves nobody, says its pid, and ends as told. */
const PROGRAM = block(
  'js app.js',
  "console.log('process', process.pid)",
  "process.on('SIGINT', () => process.exit(0))",
  'setInterval(() => {}, 1e9)',
)
const STARTED = block('console', '$ node app.js', 'process 4711')

describe('following a page', { concurrency: 2 }, () => {
  test('commands, programs, what is typed and what is printed, to Ctrl-C', async () => {
    const page = [
      block('sh', 'mkdir here && cd here'),
      PROGRAM,
      STARTED,
      block('console', '$ cat', 'typed      # you type this', 'typed', '^D', '$ basename $PWD', 'here'),
      block('console', '^C'),
    ]
    assert.equal(await followed(page.join('\nText.\n')), 5)
  })

  test('a line that comes of what is below is waited for', async () => {
    const page = [
      block('sh', 'mkfifo pipe'),
      block('console', '$ echo first; cat pipe', 'first', 'second     # of the writer, as below'),
      block('console', '$ echo second > pipe'),
    ]
    assert.equal(await followed(page.join('')), 3)
  })

  const refused: readonly [what: string, page: string, message: RegExp][] = [
    ['a program without a name', block('js', '1'), /^page\.md:2: a program that names no file/],
    ['a program that is never started', PROGRAM, /^page\.md:2: app\.js is shown, and never started$/],
    ['a program that is not shown', STARTED, /^page\.md:2: app\.js is started, and not shown before$/],
    ['a server that prints nothing', PROGRAM + block('console', '$ node app.js'), /:7: a server that prints nothing/],
    [
      'other output',
      PROGRAM + block('console', '$ node app.js', 'Process 4711'),
      /^page\.md:8: node app\.js\n {2}expected: Process 4711\n {2}got: {6}process \d+$/,
    ],
    ['more output', block('console', '$ printf "a\\nb\\n"', 'a'), /expected: no more output\n {2}got: {6}b\n$/],
    ['less output', block('console', '$ echo a', 'a', 'b'), /:4: echo a\n {2}expected: b\n {2}got: {6}nothing, 0$/],
    ['a command that fails', block('console', '$ exit 3'), /expected: it ends with status 0\n {2}got: {6}3/],
    ['a script that fails', block('sh', 'true', 'false', 'true'), /^page\.md:2: ended with 1/],
    ['one number for two', block('console', '$ echo 5551; echo 5552', '4711', '4711'), /got: {6}5552$/],
    ['two numbers for one', block('console', '$ echo 5551; echo 5551', '4711', '4712'), /got: {6}5551$/],
    ['a number that means itself', block('console', '$ echo 17', '18'), /got: {6}17$/],
    ['a block that nobody can follow', block('', 'app.js'), /^page\.md:2: nobody follows a block of no language$/],
    ['Ctrl-C to nobody', block('console', '^C'), /^page\.md:2: Ctrl-C, and nothing serves$/],
  ]
  for (const [what, page, message] of refused)
    test(`${what} is refused in words`, () => assert.rejects(followed(page), { message }))

  test('what is left out has to be there', async () => {
    const notFollowed = new NotFollowed({ 'page.md': { 'npm ci': 'a checkout', 'npm start': 'a checkout' } })
    assert.equal(await followed(block('sh', 'npm ci'), notFollowed), 0)
    assert.deepEqual(notFollowed.gone, ['page.md: npm start'])
  })
})
