/** Text in columns of a terminal, of which a Korean syllable takes two. */

const isWide = (char: string): boolean => /[ᄀ-ᇿ가-힣]/.test(char)

/** How many it takes. */
export const columns = (text: string): number => [...text].reduce((sum, char) => sum + (isWide(char) ? 2 : 1), 0)

export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columns(text)))

/** Cut at its end where it takes more. */
export function cutTo(text: string, width: number): string {
  if (columns(text) <= width) return text
  let cut = ''
  for (const char of text) {
    if (columns(cut + char) > width - 1) break
    cut += char
  }
  return `${cut}…`
}
