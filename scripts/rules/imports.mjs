/** Reads all imports with dependency-cruiser, and holds them against the rules in .dependency-cruiser.mjs. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cruise } from 'dependency-cruiser'
import config from '../../.dependency-cruiser.mjs'

const FOLDERS = ['src', 'test', 'bench', 'scripts', 'examples']

/** @param {string} root the checkout @returns what dependency-cruiser found: modules with their dependencies, and violations */
export async function readImports(root) {
  const { options, ...ruleSet } = config
  const folders = FOLDERS.filter((folder) => existsSync(join(root, folder)))
  const { output } = await cruise(folders, { ...options, ruleSet, validate: true, baseDir: root })
  return output
}

/** The files of a violation, in the order of the arrows; of a circle all that are in it. */
const pathOf = ({ from, to, cycle }) =>
  [...new Set([from, ...(cycle ? cycle.map(({ name }) => name) : [to])])].concat(cycle ? [from] : []).join(' → ')

/** @returns {string[]} what is wrong; empty when nothing is */
export function checkImports({ summary }) {
  const why = new Map(config.forbidden.map(({ name, comment }) => [name, comment]))
  return summary.violations.map(({ rule, ...found }) => `${rule.name}: ${pathOf(found)}\n  ${why.get(rule.name)}`)
}
