/** Parts of a page that its translation has as they are. */

const BLOCK = /^```.*?^```$/gms

/** Where links and pictures lead, in order. */
export const linksIn = (page: string): string[] =>
  Array.from(page.matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)

/** Blocks of code without their comments, which are in the page's language. */
export const codeIn = (page: string): string[] =>
  Array.from(page.matchAll(BLOCK), ([block]) => block.replace(/ +# .*$/gm, ''))

const proseOf = (page: string): string => page.replace(BLOCK, '')

/** The levels of the headings, in order: `#`, `##`. */
export const headingsIn = (page: string): string[] =>
  Array.from(proseOf(page).matchAll(/^(#+) /gm), ([, level = '']) => level)

/** What the prose names as it is typed, sorted. */
export const namesIn = (page: string): string[] =>
  Array.from(proseOf(page).matchAll(/`([^`]+)`/g), ([, name = '']) => name.replace(/\s+/g, ' ')).sort()

/** Figures of the prose, sorted: versions, ratios, and what has three digits or more. */
export const figuresIn = (page: string): string[] =>
  Array.from(proseOf(page).matchAll(/\d+(?:[.,]\d+)+|\d{3,}/g), ([figure]) => figure).sort()
