/** Lines that no two clients send, and that say what they have to be. As latin1, a letter for each byte. */

/** Most are short; some fill a packet, are cut into several, or are not UTF-8. */
const SIZES = [24, 24, 60, 24, 300, 24, 24, 24, 1200, 24, 24, 24, 40, 24, 24, 4081, 24, 24, 24, 24, 200, 24, 9000, 24]
const PADDING = ['abcdefghij', 'K\xc3\xb6ln "\\', '\xff\xfe\x01']

/** @param conversation its name, which has no blank */
export function lineOf(conversation: string, number: number): string {
  const padding = PADDING[number % 7 === 3 ? 1 : number % 11 === 5 ? 2 : 0] as string
  return `${conversation} ${number} `.padEnd(SIZES[number % SIZES.length] as number, padding)
}

/** Whose line it is; undefined when nobody can have sent it. */
export function ownerOf(line: string): { conversation: string; number: number } | undefined {
  const [, conversation, digits] = /^(\S+) (\d+) /.exec(line) ?? []
  if (conversation === undefined) return undefined
  const number = Number(digits)
  return line === lineOf(conversation, number) ? { conversation, number } : undefined
}

/** What one connection of a client has come to. Its lines are numbered from 0. */
export interface Conversation {
  readonly name: string
  sent: number
  echoed: number
}
