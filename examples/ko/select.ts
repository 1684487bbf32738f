/** select()는 표준 입력을 기다리되 정해진 시간까지만 기다린다. */
import * as posix from 'tined/posix'

posix.main(() => {
  const buf = Buffer.alloc(1024)
  const seconds = Number(process.argv[2] ?? 5)

  const reads = posix.fd_set()
  posix.FD_SET(0, reads)
  for (;;) {
    const ready = posix.fd_set(reads) // select는 집합에 준비된 것만 남긴다
    const timeout = { tv_sec: seconds, tv_usec: 0 } // 타임아웃에도 남은 시간만 남긴다
    const count = posix.select(0 + 1, ready, null, null, timeout)
    if (count === 0) {
      console.log('시간 초과!')
    } else if (posix.FD_ISSET(0, ready)) {
      const len = posix.read(0, buf)
      if (len === 0) break
      process.stdout.write(`입력한 내용: ${buf.toString('utf8', 0, len)}`)
    }
  }
  console.log('입력 끝')
})
