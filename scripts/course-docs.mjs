/**
 * Writes docs/course.md, its translation and what is in docs/course, from the programs in examples/ and the texts of `tined course`:
 * `npm run docs:course`. With --check it only says whether all is as it would write it.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { coursePages } from './course-docs/pages.mjs'

const root = new URL('..', import.meta.url)
const FOLDER = 'docs/course'
const files = coursePages()

const strangers = existsSync(new URL(FOLDER, root))
  ? readdirSync(new URL(FOLDER, root), { recursive: true })
      .map((name) => `${FOLDER}/${name}`)
      .filter((path) => /\.\w+$/.test(path) && !files.has(path))
  : []
const isOld = ([path, text]) => {
  const url = new URL(path, root)
  return !existsSync(url) || readFileSync(url, 'utf8') !== text
}
const old = [...[...files].filter(isOld).map(([path]) => path), ...strangers]

if (process.argv.includes('--check')) {
  for (const path of old) console.error(`${path} is not what the programs and texts say: npm run docs:course`)
  process.exitCode = old.length > 0 ? 1 : 0
} else {
  mkdirSync(new URL(`${FOLDER}/pictures`, root), { recursive: true })
  for (const path of strangers) rmSync(new URL(path, root))
  for (const [path, text] of files) writeFileSync(new URL(path, root), text)
}
