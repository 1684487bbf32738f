import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './paths.js'

export interface FoundNode {
  readonly path: string
  /** `20.20.2` */
  readonly version: string
  readonly major: number
}

/** Where scripts/nodes.mjs puts other versions. */
const cache = join(root, '.cache/nodes')

/** Paths named in TINED_BENCH_NODES, apart by a colon or a comma. */
export function namedNodes(): string[] {
  return (process.env['TINED_BENCH_NODES'] ?? '').split(/[:,]/).filter((path) => path !== '')
}

function cachedNodes(): string[] {
  if (!existsSync(cache)) return []
  return readdirSync(cache)
    .flatMap((version) => ['x64', 'arm64'].map((arch) => `${version}/node_modules/node-linux-${arch}/bin/node`))
    .map((path) => join(cache, path))
    .filter(existsSync)
}

export function nodeVersion(path: string): string | undefined {
  return spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout?.trim().slice(1) || undefined
}

/** One Node for each major version that is here: this one first, then those named, then those in the cache. */
export function findNodes(): FoundNode[] {
  const found = new Map<number, FoundNode>()
  for (const path of [process.execPath, ...namedNodes(), ...cachedNodes()]) {
    const version = nodeVersion(path)
    if (version === undefined) throw new Error(`${path} is no Node that runs`)
    const major = Number(version.split('.')[0])
    if (!found.has(major)) found.set(major, { path, version, major })
  }
  return [...found.values()].sort((a, b) => a.major - b.major)
}
