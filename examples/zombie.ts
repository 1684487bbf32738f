/** A child that has ended stays a zombie until its parent asks how it ended. */
import * as posix from 'tined/posix'

posix.main(() => {
  const seconds = Number(process.argv[2] ?? 20)

  const pid = posix.fork()
  if (pid === 0) {
    console.log('child: I end now')
    posix._exit(3)
  }
  console.log(`parent: my child is ${pid}, and I sleep ${seconds} s without asking for it`)
  posix.sleep(seconds)
  console.log('parent: I end too')
})
