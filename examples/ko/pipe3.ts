/** 방향마다 파이프 하나: 상대에게 갈 것을 읽을 수 없고, 아무도 sleep하지 않아도 된다. */
import * as posix from 'tined/posix'

posix.main(() => {
  const buf = Buffer.alloc(30)

  const up = posix.pipe()
  const down = posix.pipe()
  if (posix.fork() === 0) {
    posix.write(up[1], '너는 누구니?')
    const len = posix.read(down[0], buf)
    console.log(`자식: ${buf.toString('utf8', 0, len)}`)
    posix._exit(0)
  }
  const len = posix.read(up[0], buf)
  console.log(`부모: ${buf.toString('utf8', 0, len)}`)
  posix.write(down[1], '네 부모야.')
  posix.wait()
})
