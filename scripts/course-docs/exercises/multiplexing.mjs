/** Sets that are not made anew, and a descriptor that is closed and still in one. */
export const select = [
  {
    title: ['The same set again and again', '같은 집합을 되풀이해서 쓰면'],
    ts: '-    const ready = posix.fd_set(reads) // select leaves only what is ready in its sets\n+    const ready = reads\n',
    c: '-        int count = select(0 + 1, &ready, NULL, NULL, &timeout);\n+        int count = select(0 + 1, &reads, NULL, NULL, &timeout);\n',
    korean: { 'select leaves only what is ready in its sets': 'select는 집합에 준비된 것만 남긴다' },
    args: ['1'],
    seen: ['time-out!\ntime-out!\ntime-out!', '시간 초과!\n시간 초과!\n시간 초과!'],
    endless: true,
    input: 'hello\n',
    why: [
      'select changes the set that it is given: at the first time-out nothing is ready, so the set is empty, and from then on nothing is watched. What you type is never read. In C `ready = reads` copies; in TypeScript it is only one more name for the same set, and `tined/posix` says so once.',
      'select는 받은 집합을 바꿉니다. 처음 시간이 초과되면 준비된 것이 없으므로 집합이 비고, 그 뒤로는 아무것도 관찰하지 않습니다. 입력한 내용은 읽히지 않습니다. C의 `ready = reads`는 복사이지만 TypeScript에서는 같은 집합의 다른 이름일 뿐이며, `tined/posix`가 한 번 알려 줍니다.',
    ],
  },
]

export const echo_selectserv = [
  {
    title: ['Without `FD_CLR`', '`FD_CLR` 없이'],
    ts: '-      posix.FD_CLR(fd, reads)\n',
    c: '-            FD_CLR(fd, &reads);\n',
    args: ['9190'],
    seen: [
      'listening on 127.0.0.1:9190\nconnected: descriptor 4\nclosed: descriptor 4',
      '127.0.0.1:9190에서 기다립니다\n연결: 디스크립터 4\n닫음: 디스크립터 4',
    ],
    ends: 'status 1',
    complaint: 'Uncaught PosixError: EBADF: bad file descriptor, select',
    complaintInC: 'select: Bad file descriptor',
    why: [
      'The set still has a descriptor that is closed: the next select fails with EBADF, and one client that left has ended the server for all. Worse, had a new client got the same number meanwhile, it would be read for the wrong one.',
      '집합에 닫힌 디스크립터가 남아 있으므로 다음 select가 EBADF로 실패합니다. 클라이언트 하나가 나갔을 뿐인데 서버 전체가 끝납니다. 그사이 새 클라이언트가 같은 번호를 받았다면 엉뚱한 것으로 여기고 읽게 됩니다.',
    ],
  },
]
