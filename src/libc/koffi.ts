/** Loads koffi, or says in one line why this Node may not. */
import { createRequire } from 'node:module'
import type { default as Koffi } from 'koffi'
import { takeLauncherStreams } from './launcher-streams.js'

const permissions = process as { permission?: unknown }

function load(): typeof Koffi {
  takeLauncherStreams()
  try {
    // not an import: that fails before any of our code runs
    return createRequire(import.meta.url)('koffi')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_DLOPEN_DISABLED') throw error
    const flag = permissions.permission === undefined ? '--no-addons' : '--permission'
    const reason = `Node runs with ${flag}, and Tined calls the kernel through an add-on`
    throw Object.assign(new Error(`Tined cannot be loaded: ${reason}. Start Node without it.`, { cause: error }), {
      code: 'ERR_DLOPEN_DISABLED',
    })
  }
}

export const koffi = load()
