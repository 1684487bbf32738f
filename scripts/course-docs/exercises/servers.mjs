/** A close, a reaper's interruption, a shutdown, an ignored signal and a bit that are missing. */
export const echo_mpserv = [
  {
    title: ['Without `close(clnt)` in the parent', '부모의 `close(clnt)` 없이'],
    ts: '-    posix.close(clnt)\n',
    c: '-        close(clnt);\n',
    args: ['9190'],
    seen: [
      'listening on 127.0.0.1:9190\nnew client\nclient gone\nremoved child 4712',
      '127.0.0.1:9190에서 기다립니다\n새 클라이언트\n클라이언트 종료\n자식 4712 제거',
    ],
    hangs: true,
    why: [
      'The client’s process has closed the connection and is gone, and still the client sees no end: the parent has a descriptor for it, too. `nc -N 127.0.0.1 9190 < /dev/null` does not return. One descriptor is lost for each client (`ls -l /proc/PID/fd`), until `accept` fails with EMFILE.',
      '클라이언트를 맡은 프로세스는 연결을 닫고 사라졌지만 클라이언트에는 연결의 끝이 오지 않습니다. 부모에게도 그 디스크립터가 있기 때문입니다. `nc -N 127.0.0.1 9190 < /dev/null`은 돌아오지 않습니다. 클라이언트마다 디스크립터를 하나씩 잃으며(`ls -l /proc/PID/fd`), 결국 `accept`가 EMFILE로 실패합니다.',
    ],
  },
  {
    title: ['Without the question for EINTR', 'EINTR를 확인하지 않으면'],
    ts: "-    if ((error as posix.PosixError).code === 'EINTR') return undefined\n",
    c: '-        if (clnt == -1 && errno == EINTR)\n-            continue;\n',
    args: ['9190'],
    seen: [
      'listening on 127.0.0.1:9190\nnew client\nclient gone\nremoved child 4712',
      '127.0.0.1:9190에서 기다립니다\n새 클라이언트\n클라이언트 종료\n자식 4712 제거',
    ],
    ends: 'status 1',
    complaint: 'Uncaught PosixError: EINTR: interrupted system call, accept',
    complaintInC: 'accept: Interrupted system call',
    why: [
      'The first client that leaves ends the server for all: its child ends, SIGCHLD interrupts `accept`, and `accept` fails with EINTR. Either one asks for EINTR, or the handler is installed with SA_RESTART, as in echo_storeserv.',
      '맨 처음 나간 클라이언트가 서버 전체를 끝냅니다. 자식이 종료하면 SIGCHLD가 `accept`를 중단하고, `accept`는 EINTR로 실패합니다. EINTR를 확인하거나, echo_storeserv에서처럼 SA_RESTART로 핸들러를 등록해야 합니다.',
    ],
  },
]

export const fd_copies = [
  {
    title: ['Without `close(serv)` in the parent', '부모의 `close(serv)` 없이'],
    ts: '-  posix.close(serv)\n',
    c: '-    close(serv);\n',
    seen: [
      `server's child: said bye, closed the socket, and ends
client: bye
client: end of file within 2 s? no, the parent holds a copy
client: and with that closed too? no`,
      `서버의 자식: bye를 보내고 소켓을 닫고 종료합니다
클라이언트: bye
클라이언트: 2초 안에 파일의 끝? 아니요, 부모에게 복사본이 있습니다
클라이언트: 그것까지 닫으면? 아니요`,
    ],
    why: [
      'The child has closed its copy and ended; the parent still has one, so there is no end of file, however long the client waits. A server that forgets one close after each fork leaves all of its clients waiting like that.',
      '자식은 자기 복사본을 닫고 종료했지만 부모에게 하나가 남아 있으므로, 클라이언트가 아무리 기다려도 파일의 끝은 오지 않습니다. fork할 때마다 close 하나를 잊는 서버의 클라이언트는 모두 이렇게 기다립니다.',
    ],
  },
]

export const echo_mpclient = [
  {
    title: ['Without `shutdown`', '`shutdown` 없이'],
    ts: '-  unlessGone(() => posix.shutdown(sock, posix.SHUT_WR))\n',
    c: '-    shutdown(sock, SHUT_WR);\n',
    args: ['9190'],
    seen: ['from the server: hello', '서버에서: hello'],
    input: 'hello\n',
    hangs: true,
    why: [
      'At Ctrl-D the child closes its copy and ends, and nothing more happens: the parent holds the connection, so the server sees no end, goes on waiting, and so does the parent. The child is a zombie meanwhile.',
      'Ctrl-D를 누르면 자식은 자기 복사본을 닫고 종료하지만 그다음에는 아무 일도 일어나지 않습니다. 부모가 연결을 쥐고 있어 서버는 끝을 보지 못하고 계속 기다리며, 부모도 기다립니다. 그동안 자식은 좀비입니다.',
    ],
  },
]

export const echo_storeserv = [
  {
    title: ['Without `signal(SIGPIPE, SIG_IGN)`', '`signal(SIGPIPE, SIG_IGN)` 없이'],
    ts: '-  posix.signal(posix.SIGPIPE, posix.SIG_IGN) // to write where nobody reads fails with EPIPE, and ends no process\n',
    c: '-    signal(SIGPIPE, SIG_IGN); /* to write where nobody reads fails with EPIPE, and ends no process */\n',
    korean: {
      'to write where nobody reads fails with EPIPE, and ends no process':
        '읽는 쪽이 없으면 쓰기는 EPIPE로 실패하고, 프로세스는 종료되지 않는다',
    },
    args: ['9190', 'echomsg.txt', '1'],
    seen: [
      'listening on 127.0.0.1:9190\nnew client\nstored 1 messages\nremoved child 4712\nremoved child 4713',
      '127.0.0.1:9190에서 기다립니다\n새 클라이언트\n메시지 1개를 저장했습니다\n자식 4712 제거\n자식 4713 제거',
    ],
    hangs: true,
    why: [
      'After the last message nobody reads the pipe. The next line still comes back, then the client’s process writes to the pipe, and SIGPIPE ends it: `client gone` is never printed, and the client sees the end.',
      '마지막 메시지 뒤에는 파이프를 읽는 프로세스가 없습니다. 다음 줄은 아직 되돌아오지만, 클라이언트를 맡은 프로세스가 파이프에 쓰는 순간 SIGPIPE가 그 프로세스를 종료합니다. `클라이언트 종료`는 출력되지 않고, 클라이언트에는 연결의 끝이 옵니다.',
    ],
  },
]
