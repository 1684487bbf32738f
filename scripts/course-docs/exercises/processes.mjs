/** Children that do not end, are asked for too often, or by nobody. */
export const zombie = [
  {
    title: ['Without `_exit`', '`_exit` 없이'],
    ts: "     console.log('child: I end now')\n-    posix._exit(3)\n",
    c: '         puts("child: I end now");\n-        _exit(3);\n',
    korean: { 'child: I end now': '자식: 이제 종료합니다' },
    args: ['1'],
    seen: [
      `parent: my child is 4712, and I sleep 1 s without asking for it
child: I end now
parent: my child is 0, and I sleep 1 s without asking for it
parent: I end too
parent: I end too`,
      `부모: 자식은 4712입니다. 종료 상태를 묻지 않고 1초 동안 잡니다
자식: 이제 종료합니다
부모: 자식은 0입니다. 종료 상태를 묻지 않고 1초 동안 잡니다
부모: 저도 종료합니다
부모: 저도 종료합니다`,
    ],
    why: [
      'After fork both processes are at the same place in the same program. Nothing tells the child where its part ends: without `_exit` it goes on into the part of the parent, with `pid` 0. In a server it would go on to `accept`.',
      'fork 뒤에는 두 프로세스가 같은 프로그램의 같은 곳에 있습니다. 자식의 몫이 어디에서 끝나는지는 아무도 알려 주지 않습니다. `_exit`가 없으면 자식은 `pid`가 0인 채로 부모의 코드까지 실행합니다. 서버라면 `accept`까지 호출하게 됩니다.',
    ],
  },
]

export const wait = [
  {
    title: ['One `wait` too many', '`wait`를 한 번 더'],
    ts: '-  for (let child = 0; child < 2; child++) {\n+  for (let child = 0; child < 3; child++) {\n',
    c: '-    for (int child = 0; child < 2; child++) {\n-        int status;\n+    for (int child = 0; child < 3; child++) {\n+        int status = 0;\n',
    args: ['1'],
    seen: [
      'parent: child 4712 sent 3\nparent: child 4713 sent 7',
      '부모: 자식 4712의 종료 값: 3\n부모: 자식 4713의 종료 값: 7',
    ],
    ends: 'status 1',
    endsInC: 'status 0',
    complaint: 'Uncaught PosixError: ECHILD: no child processes, wait',
    seenInC: [
      'parent: child 4712 sent 3\nparent: child 4713 sent 7\nparent: child -1 sent 0\nparent: no zombie is left, see for yourself',
      '부모: 자식 4712의 종료 값: 3\n부모: 자식 4713의 종료 값: 7\n부모: 자식 -1의 종료 값: 0\n부모: 좀비가 남지 않았습니다. 직접 확인해 보세요',
    ],
    why: [
      'There is no third child, and nothing to wait for: wait fails with ECHILD. C returns -1 and leaves the status as it was, and a program that does not look takes -1 for a child. In TypeScript it is an exception.',
      '셋째 자식은 없으므로 기다릴 것이 없고, wait는 ECHILD로 실패합니다. C에서는 -1을 반환하고 상태는 그대로 두므로, 확인하지 않는 프로그램은 -1을 자식으로 여깁니다. TypeScript에서는 예외입니다.',
    ],
  },
]

export const waitpid = [
  {
    title: ['0 instead of `WNOHANG`', '`WNOHANG` 대신 0'],
    ts: '-  let ended = posix.waitpid(-1, posix.WNOHANG)\n+  let ended = posix.waitpid(-1, 0)\n',
    c: '-    while (waitpid(-1, &status, WNOHANG) == 0) {\n+    while (waitpid(-1, &status, 0) == 0) {\n',
    seen: ['parent: the child sent 24', '부모: 자식의 종료 값: 24'],
    why: [
      'Now waitpid blocks until the child has ended, 3 s, and the parent does no work meanwhile. That it blocks is said by `options`, not by -1, which only stands for any child.',
      '이제 waitpid는 자식이 종료할 때까지 3초 동안 블로킹되고, 그동안 부모는 아무 일도 하지 못합니다. 블로킹을 정하는 것은 `options`입니다. -1은 모든 자식을 뜻할 뿐입니다.',
    ],
  },
]

export const remove_zombie = [
  {
    title: ['Without the handler', '핸들러 없이'],
    ts: '-  posix.sigaction(posix.SIGCHLD, { sa_handler: readChildren, sa_mask: [], sa_flags: 0 })\n',
    c: '-    sigaction(SIGCHLD, &act, NULL);\n',
    seen: ['parent: wait 1…\nparent: wait 2…\nparent: wait 3…', '부모: 대기 1…\n부모: 대기 2…\n부모: 대기 3…'],
    zombies: 2,
    why: [
      'Nobody takes the statuses: after 2 s `ps --ppid PID` shows two zombies, until the parent ends. And nothing interrupts its sleep: three times 2 s.',
      '아무도 종료 상태를 받지 않습니다. 2초 뒤부터 부모가 끝날 때까지 `ps --ppid PID`에 좀비 둘이 보입니다. sleep을 중단하는 것도 없으므로 2초씩 세 번을 잡니다.',
    ],
  },
]
