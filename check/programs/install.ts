/** A folder for each program, with its packages, Tined and the files of apps/, as a program of anybody's has them. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { FoundNode } from '../../bench/lib/nodes.js'
import { root } from '../../bench/lib/paths.js'
import type { Program } from './table.js'

const cache = join(root, '.cache/programs')
const apps = join(root, 'check/programs/apps')
const INSTALL_MS = 10 * 60_000

/** Where it is, or why it is not. */
export type Installed = { readonly folder: string } | { readonly missing: string }

const headersOf = ({ path }: FoundNode): string => dirname(dirname(path))

function npm(folder: string, args: readonly string[], env: NodeJS.ProcessEnv): string | undefined {
  const options = { cwd: folder, env: { ...process.env, ...env }, timeout: INSTALL_MS, encoding: 'utf8' } as const
  const { status, error, stderr } = spawnSync('npm', args, options)
  if (status === 0) return undefined
  return error?.message ?? stderr.split('\n').find((line) => line !== '') ?? `npm ended with ${status}`
}

/** Scripts of packages are left out: whatever they download would not be what the version says. */
function add(folder: string, program: Program, node: FoundNode): string | undefined {
  const wanted = program.packages.join('\n')
  const stamp = join(folder, 'installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  const wrong =
    program.packages.length === 0
      ? undefined
      : npm(folder, ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...program.packages], {})
  if (wrong !== undefined) return wrong
  if (program.compiled) {
    const env = { npm_config_build_from_source: 'true', npm_config_nodedir: headersOf(node) }
    const path = `${dirname(node.path)}:${process.env['PATH']}`
    const failed = npm(folder, ['rebuild'], { ...env, PATH: path })
    if (failed !== undefined) return failed
  }
  writeFileSync(stamp, wanted)
  return undefined
}

export function install(program: Program, node: FoundNode): Installed {
  const folder = join(cache, program.compiled ? `${program.name}-${node.major}` : program.name)
  const wrong = add(folder, program, node)
  if (wrong !== undefined) return { missing: `${program.packages[0]} cannot be installed: ${wrong}` }
  cpSync(apps, folder, { recursive: true })
  const link = join(folder, 'node_modules/tined')
  mkdirSync(dirname(link), { recursive: true })
  rmSync(link, { force: true })
  symlinkSync(root, link)
  return { folder }
}
