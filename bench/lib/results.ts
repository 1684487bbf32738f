import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { resultsFolder } from './paths.js'

// Lists of numbers stay on one line, or five rounds of everything would be mostly white space.
function toJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2)
  return `${text.replace(/\[\n\s+([-\d.,\s]+?)\n\s+\]/g, (_, list: string) => `[${list.replace(/\s+/g, ' ')}]`)}\n`
}

export function writeResult(name: string, content: string): void {
  mkdirSync(resultsFolder, { recursive: true })
  writeFileSync(join(resultsFolder, name), content)
}

export function writeJson(name: string, value: unknown): void {
  writeResult(name, toJson(value))
}
