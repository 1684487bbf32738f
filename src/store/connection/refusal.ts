/** What a client is told of a message that is not stored. */
import { getSystemErrorMap } from '../../libc/node-util.js'

/** `error: not stored: no space left on device (ENOSPC)` */
export function refusal(errno: number): string {
  const [code, words] = getSystemErrorMap().get(-errno) ?? [`E${errno}`, 'unknown error']
  return `error: not stored: ${words} (${code})`
}
