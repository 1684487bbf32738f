/** Asks the C compiler of this machine. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const HEADERS = [
  'arpa/inet.h errno.h fcntl.h netdb.h stdlib.h limits.h netinet/in.h netinet/tcp.h poll.h signal.h stddef.h stdio.h time.h unistd.h',
  'sys/epoll.h sys/eventfd.h sys/file.h sys/mman.h sys/prctl.h sys/resource.h sys/select.h sys/signalfd.h',
  'sys/socket.h sys/time.h sys/timerfd.h sys/uio.h sys/un.h sys/wait.h',
].flatMap((line) => line.split(' '))

/** The values of C expressions, as 64-bit integers; does not compile when one is unknown. */
export function evaluate(expressions: readonly string[]): bigint[] {
  const folder = mkdtempSync(join(tmpdir(), 'tined-probe-'))
  try {
    const source = [
      '#define _GNU_SOURCE',
      ...HEADERS.map((header) => `#include <${header}>`),
      'int main(void) {',
      ...expressions.map((expression) => `  printf("%lld\\n", (long long)(${expression}));`),
      '}',
    ]
    writeFileSync(join(folder, 'probe.c'), source.join('\n'))
    execFileSync('cc', ['-w', '-o', join(folder, 'probe'), join(folder, 'probe.c')], { stdio: 'pipe' })
    const output = execFileSync(join(folder, 'probe'), { encoding: 'utf8' })
    return output.trimEnd().split('\n').map(BigInt)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
