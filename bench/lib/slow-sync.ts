/** A disk on which a sync takes longer, for whatever is run under this: strace(1) delays the return of each fdatasync(2), and of nothing else. */
import { execFileSync } from 'node:child_process'
import { onPath } from './paths.js'

/** @param delayUs added to each, in microseconds */
export const withSlowSync = (delayUs: number): readonly string[] => [
  ...['strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null'],
  ...['-e', 'trace=fdatasync', '-e', `inject=fdatasync:delay_exit=${delayUs}`],
]

/** Says what is missing, if anything. */
export const noSlowSync = (): string | undefined => (onPath('strace') ? undefined : 'no strace: apt-get install strace')

/** As `syncMs`, under a command. */
export function syncMsUnder([command = '', ...args]: readonly string[], folder: string): number {
  const source = `import { syncMs } from ${JSON.stringify(new URL('./sync-time.js', import.meta.url).href)}
    console.log(syncMs(process.argv[1]))`
  const node = [process.execPath, '--input-type=module', '-e', source, folder]
  return Number(execFileSync(command, [...args, ...node], { encoding: 'utf8' }))
}
