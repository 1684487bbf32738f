/** Lines of 20 to 220 bytes, 100 in the middle, that no two clients send. As latin1, a letter for each byte. */

const PADDING = ['abcdefghij', 'K\xc3\xb6ln "\\', '\xff\xfe\x01'].map((text) => text.repeat(30))
const [LEAST, SPREAD, STEP] = [20, 160, 61]

export function lineOf(client: string, number: number): string {
  const padding = PADDING[number % 7 === 3 ? 1 : number % 11 === 5 ? 2 : 0] as string
  const begin = `${client} ${number} `
  return begin + padding.slice(0, Math.max(0, LEAST + ((number * STEP) % SPREAD) - begin.length))
}

/** Whose line it is; undefined when nobody can have sent it. */
export function ownerOf(line: string): { conversation: string; number: number } | undefined {
  const [, conversation, digits] = /^(\S+) (\d+) /.exec(line) ?? []
  if (conversation === undefined) return undefined
  const number = Number(digits)
  return line === lineOf(conversation, number) ? { conversation, number } : undefined
}
