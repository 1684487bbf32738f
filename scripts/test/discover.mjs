/** Which test files there are. Found among the sources: a compiled test whose source is gone never runs. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The long ones first, so that no core waits for one of them at the end. */
const LONG = ['test/features/', 'test/store/']

const rank = (source) => {
  const found = LONG.findIndex((folder) => source.startsWith(folder))
  return found < 0 ? LONG.length : found
}

/**
 * @param {string} root the checkout
 * @param {readonly string[]} parts only files whose path has one of these in it; all when there is none
 * @returns {{ source: string, compiled: string }[]}
 */
export function discover(root, parts) {
  return readdirSync(join(root, 'test'), { recursive: true })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => `test/${path}`)
    .filter((source) => parts.length === 0 || parts.some((part) => source.includes(part)))
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((source) => ({ source, compiled: join(root, 'dist', source.replace(/\.ts$/, '.js')) }))
}

/** Those that were not compiled. */
export const uncompiled = (files) => files.filter(({ compiled }) => !existsSync(compiled)).map(({ source }) => source)
