/** What the pages show and this check does not follow, by page and first words, each with who does. */
const BLOCKS = {
  'README.md': {
    'npm ci && npm start ': 'of a checkout: test/scripts/ready.test.ts and test/e2e/first-minutes.test.ts',
    'npx tined echo ': 'a list of commands, not what one types: test/docs/links.test.ts',
  },
}

/** Blocks that are left out, and whether each of them was met: one that is gone from its page must go from here, too. */
export class NotFollowed {
  #met = new Set()

  constructor(blocks = BLOCKS) {
    this.blocks = blocks
  }

  reasonFor(page, { text }) {
    const found = Object.entries(this.blocks[page] ?? {}).find(([start]) => text.startsWith(start))
    if (found !== undefined) this.#met.add(`${page}: ${found[0]}`)
    return found?.[1]
  }

  /** Blocks that no page has any more. */
  get gone() {
    return Object.entries(this.blocks)
      .flatMap(([page, starts]) => Object.keys(starts).map((start) => `${page}: ${start}`))
      .filter((each) => !this.#met.has(each))
  }
}
