/** A disk on which a sync takes longer, for whatever is run under this: fdatasync(2) is another function, and no call else is touched. */
import { execFileSync } from 'node:child_process'
import { compileLibrary } from './compile.js'

/**
 * The start of a command line. With strace(1), which can delay calls too, a server of many processes waits for strace as well.
 *
 * @param delayUs added to each, in microseconds
 * @param scratch where to compile what is preloaded
 */
export const withSlowSync = (delayUs: number, scratch: string): readonly string[] => [
  'env',
  `SLOW_SYNC_US=${delayUs}`,
  `LD_PRELOAD=${compileLibrary('slow-sync', scratch)}`,
]

/** As `syncMs`, under a command. */
export function syncMsUnder([command = '', ...args]: readonly string[], folder: string): number {
  const source = `import { syncMs } from ${JSON.stringify(new URL('./sync-time.js', import.meta.url).href)}
    console.log(syncMs(process.argv[1]))`
  const node = [process.execPath, '--input-type=module', '-e', source, folder]
  return Number(execFileSync(command, [...args, ...node], { encoding: 'utf8' }))
}
