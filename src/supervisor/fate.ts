/** How a connection ended, from what its slot says. */
import { getSystemErrorMap } from '../libc/node-util.js'
import { HANDLER_FAILED, TOLD_TO_END } from '../reactor/slot.js'
import type { ConnectionEnd } from './channel.js'
import { describeExit, endedWell } from './exit-status.js'

type Fate = Pick<ConnectionEnd, 'how' | 'words'>

/**
 * @param fate the word FATE
 * @param status of the process that was there for it alone
 */
export function fateOf(fate: number, status = 0): Fate {
  if (fate === TOLD_TO_END) return { how: 'told', words: 'was told to end' }
  if (!endedWell(status)) return { how: 'failed', words: describeExit(status) }
  if (fate === HANDLER_FAILED) return { how: 'failed', words: 'the handler failed' }
  return fate > 0 ? { how: 'lost', words: wordsOfLoss(fate) } : { how: 'finished', words: 'finished' }
}

/** `lost: connection reset by peer (ECONNRESET)` */
function wordsOfLoss(errno: number): string {
  const [code, words] = getSystemErrorMap().get(-errno) ?? [`E${errno}`, 'unknown error']
  return `lost: ${words} (${code})`
}
