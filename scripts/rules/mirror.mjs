/** test/ mirrors src/: the tests of a folder are found under its name. */
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { rooms } from './rooms.mjs'

/** @param {string} root the checkout @returns {string[]} what is wrong; empty when nothing is */
export function checkMirror(root) {
  const tests = rooms
    .map((room) => `test/${room}`)
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((path) => `${folder}/${path}`))
    .filter((path) => path.endsWith('.test.ts'))
  return tests
    .map((test) => ({ test, mirrored: dirname(test).replace(/^test/, 'src') }))
    .filter(({ mirrored }) => !existsSync(join(root, mirrored)))
    .map(({ test, mirrored }) => `${test} mirrors nothing: there is no folder ${mirrored}`)
}
