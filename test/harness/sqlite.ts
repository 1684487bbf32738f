/** Whether there is an SQLite to try. */
import { engine } from '../../src/store/sqlite/engine.js'

function reason(): string | undefined {
  try {
    engine()
    return undefined
  } catch (error) {
    return `by design: ${(error as Error).message}`
  }
}

export const NO_SQLITE = reason()
