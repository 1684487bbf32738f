/** The members of an interface with their doc comments, read from a compiled declaration, as a table. */

const COMMENT = /\/\*\*((?:(?!\*\/).)*)\*\//gs

const cell = (text) => text.replaceAll('|', '\\|')

/** A doc comment as one line: its example is left out, its tags become words. */
function meaningOf(comment) {
  return comment
    .replace(/@example.*$/s, '')
    .replace(/\s*\n\s*\*? ?/g, ' ')
    .replace(/\s*@param (\w+) /g, '<br>`$1`: ')
    .replace(/\s*@returns /g, '<br>Returns ')
    .replace(/\s*@throws /g, '<br>Throws ')
    .replace(/\s*@default (.*?)\s*$/, ' (Default: `$1`)')
    .replace(/\s+/g, ' ')
    .trim()
}

function bodyOf(text, name) {
  const start = new RegExp(`interface ${name}(?:<[^>]*>)?(?: extends [^{]+)? \\{\\n`).exec(text)
  if (start === null) throw new Error(`${name}: no such interface`)
  const from = start.index + start[0].length
  return text.slice(from, text.indexOf('\n}', from))
}

/** @param text of a declaration file @param name of an interface in it */
export function membersOf(text, name) {
  const comments = []
  const body = bodyOf(text, name).replace(COMMENT, (_all, comment) => `@@${comments.push(comment) - 1}@@`)
  const rows = body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
  let meaning = ''
  const lines = ['| | |', '| --- | --- |']
  for (const row of rows) {
    const index = /^@@(\d+)@@$/.exec(row)?.[1]
    if (index !== undefined) {
      meaning = meaningOf(comments[Number(index)])
      continue
    }
    const plain = row.replace(/;$/, '').replace(/^readonly /, '')
    const signature = /^\w+\?:/.test(plain) ? plain.replace(/ \| undefined$/, '') : plain
    lines.push(`| \`${cell(signature)}\` | ${cell(meaning)} |`)
    meaning = ''
  }
  return lines.join('\n')
}
