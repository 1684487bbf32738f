/** Handlers that are not there, only once, or never get their turn. */
export const signal = [
  {
    title: ['Without `signal(SIGALRM, …)`', '`signal(SIGALRM, …)` 없이'],
    ts: '-  posix.signal(posix.SIGALRM, timeout)\n',
    c: '-    signal(SIGALRM, timeout);\n',
    args: ['1'],
    seen: ['wait 1…', '대기 1…'],
    ends: 'SIGALRM',
    why: [
      'The default action of SIGALRM is to end the process; the shell says `Alarm clock`. Every signal has a default action, and most of them end the process.',
      'SIGALRM의 기본 동작은 프로세스를 종료하는 것입니다. 셸은 `Alarm clock`이라고 알려 줍니다. 시그널마다 기본 동작이 있고, 대부분은 프로세스를 종료합니다.',
    ],
  },
]

export const sigaction = [
  {
    title: ['A handler for one time: `SA_RESETHAND`', '한 번만 쓰는 핸들러: `SA_RESETHAND`'],
    ts: '-  posix.sigaction(posix.SIGALRM, { sa_handler: timeout, sa_mask: [], sa_flags: 0 })\n+  posix.sigaction(posix.SIGALRM, { sa_handler: timeout, sa_mask: [], sa_flags: posix.SA_RESETHAND })\n',
    c: '-    act.sa_flags = 0;\n+    act.sa_flags = SA_RESETHAND;\n',
    seen: ['wait 1…\ntime-out!\nwait 2…', '대기 1…\n시간 초과!\n대기 2…'],
    ends: 'SIGALRM',
    why: [
      'Before it runs, the handler is taken back, and the second alarm ends the process. `signal` was like that on the first systems, and still is on some: this is why sigaction is the better one.',
      '핸들러가 실행되기 전에 등록이 해제되므로 두 번째 알람이 프로세스를 종료합니다. 초기 시스템의 `signal`이 이렇게 동작했고 지금도 그런 시스템이 있습니다. sigaction이 더 나은 까닭입니다.',
    ],
  },
  {
    title: ['In the mask', '마스크에 넣으면'],
    ts: ` posix.main(() => {
+  posix.sigprocmask(posix.SIG_BLOCK, [posix.SIGALRM])
`,
    c: '     sigaction(SIGALRM, &act, NULL);\n+    sigaddset(&act.sa_mask, SIGALRM);\n+    sigprocmask(SIG_BLOCK, &act.sa_mask, NULL);\n',
    seen: ['wait 1…', '대기 1…'],
    hangs: true,
    pending: 14,
    why: [
      'A blocked signal is not lost: it waits. `grep Pnd /proc/PID/status` shows bit 14 (`2000`) in ShdPnd after a second, and sleep(100) sleeps its 100 s. What has to be undone before the wait is over is easily forgotten: a mask is also inherited by fork and by execve.',
      '블록된 시그널은 사라지지 않고 기다립니다. 1초 뒤 `grep Pnd /proc/PID/status`를 보면 ShdPnd에 14번 비트(`2000`)가 있고, sleep(100)은 100초를 그대로 잡니다. 풀어 주는 것을 잊기 쉬우며, 마스크는 fork와 execve로도 물려받습니다.',
    ],
  },
]
