/** The files that docs/scaling.md shows. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const page = readFileSync(fileURLToPath(new URL('../../../docs/scaling.md', import.meta.url)), 'utf8')

/** @throws {Error} it shows none of that name */
export function shownFile(name: string): string {
  const block = new RegExp(`^\`\`\`\\w+ ${name.replaceAll('.', '\\.')}\\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1]
  if (block === undefined) throw new Error(`docs/scaling.md shows no ${name}`)
  return block
}
