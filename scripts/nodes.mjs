/**
 * Fetches other versions of Node from the npm registry, which carries its binaries as packages, into .cache/nodes:
 * `node scripts/nodes.mjs [MAJOR…]`. Prints the path of each binary.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const versions = { 20: '20.20.2', 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' }
const cache = fileURLToPath(new URL('../.cache/nodes', import.meta.url))
const npm = process.env['npm_execpath'] ? [process.execPath, process.env['npm_execpath']] : ['npm']

function fail(reason) {
  console.error(reason)
  process.exit(1)
}

function fetchNode(version) {
  const folder = join(cache, version)
  const name = `node-linux-${process.arch}`
  const binary = join(folder, 'node_modules', name, 'bin/node')
  if (existsSync(binary)) return binary
  mkdirSync(folder, { recursive: true })
  // a package of its own, or npm would look for one further up
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
  const [command, ...args] = [
    ...npm,
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--ignore-scripts',
    `${name}@${version}`,
  ]
  const { status } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] })
  if (status === 0 && existsSync(binary)) return binary
  rmSync(folder, { recursive: true, force: true })
  return fail(`cannot fetch ${name}@${version}`)
}

const asked = process.argv.slice(2)
for (const major of asked.length > 0 ? asked : Object.keys(versions)) {
  if (versions[major] === undefined) fail(`expected one of ${Object.keys(versions).join(', ')}, got ${major}`)
  console.log(fetchNode(versions[major]))
}
