/** Who talks to whom: clients, the processes of a server, and what the kernel holds between them. */
const KERNEL = ['kernel', '커널']
const client = (number) => [`client ${number}`, `클라이언트 ${number}`]
const WIDTH = 760

export const echo_mpserv = {
  size: [WIDTH, 340],
  title: [
    'The parent accepts, and a forked child serves each client',
    '부모는 연결 요청을 수락하고, fork한 자식이 클라이언트를 하나씩 맡는다',
  ],
  parts: [
    { box: 'client', at: [24, 40, 130, 56], lines: [client(3)] },
    { box: 'client', at: [24, 164, 130, 56], lines: [client(1)] },
    { box: 'client', at: [24, 256, 130, 56], lines: [client(2)] },
    { box: 'thing', at: [262, 44, 150, 48], lines: [['listening socket', '서버 소켓']] },
    {
      box: 'process',
      at: [500, 32, 236, 72],
      lines: [
        ['server (parent)', '서버 (부모)'],
        ['only `accept()`, `fork()`, `close()`', '`accept()`, `fork()`, `close()`만'],
      ],
    },
    { box: 'thing', at: [262, 168, 150, 48], lines: [['connection', '연결']] },
    { box: 'thing', at: [262, 260, 150, 48], lines: [['connection', '연결']] },
    { box: 'process', at: [500, 164, 150, 56], lines: [['child 1', '자식 1'], '`read()`, `write()`'] },
    { box: 'process', at: [500, 256, 150, 56], lines: [['child 2', '자식 2'], '`read()`, `write()`'] },
    { arrow: [154, 68, 258, 68], label: ['asks', '연결 요청'], at: [206, 58] },
    { arrow: [412, 68, 496, 68], label: '① `accept()`', at: [454, 58] },
    { arrow: [575, 104, 575, 160], label: ['② `fork()`', '② `fork()`'], at: [566, 137], anchor: 'end' },
    { arrow: [700, 104, 700, 284, 654, 284], label: ['② `fork()`', '② `fork()`'], at: [692, 244], anchor: 'end' },
    { arrow: [158, 192, 258, 192], both: true },
    { arrow: [158, 284, 258, 284], both: true },
    { arrow: [416, 192, 496, 192], both: true, label: ['③ serves', '③ 서비스'], at: [456, 182] },
    { arrow: [416, 284, 496, 284], both: true, label: ['③ serves', '③ 서비스'], at: [456, 274] },
  ],
}

export const echo_storeserv = {
  size: [WIDTH, 300],
  title: [
    'Every child sends what it reads through one pipe to the process that writes the file',
    '자식들은 읽은 것을 파이프 하나로 보내고, 한 프로세스가 그것을 파일에 쓴다',
  ],
  parts: [
    { box: 'client', at: [24, 36, 120, 52], lines: [client(1)] },
    { box: 'client', at: [24, 124, 120, 52], lines: [client(2)] },
    { box: 'client', at: [24, 212, 120, 52], lines: [client(3)] },
    { box: 'process', at: [208, 36, 110, 52], lines: [['child 1', '자식 1']] },
    { box: 'process', at: [208, 124, 110, 52], lines: [['child 2', '자식 2']] },
    { box: 'process', at: [208, 212, 110, 52], lines: [['child 3', '자식 3']] },
    ...[62, 150, 238].map((y) => ({ arrow: [148, y, 204, y], both: true })),
    { box: 'kernel', at: [396, 84, 132, 132], lines: [KERNEL], top: true },
    { box: 'thing', at: [412, 124, 100, 52], lines: [['pipe', '파이프']] },
    { arrow: [318, 62, 428, 120] },
    { arrow: [318, 150, 408, 150] },
    { arrow: [318, 238, 428, 180] },
    { text: '`fds[1]`', at: [357, 142], kind: 'small' },
    { text: '`fds[0]`', at: [559, 142], kind: 'small' },
    { box: 'process', at: [596, 118, 104, 64], lines: [['writer', '저장'], '`read(fds[0])`'] },
    { arrow: [512, 150, 592, 150] },
    { box: 'client', at: [578, 234, 140, 40], lines: ['`echomsg.txt`'] },
    { arrow: [648, 182, 648, 230], label: '`write(file)`', at: [658, 211], anchor: 'start' },
  ],
}
