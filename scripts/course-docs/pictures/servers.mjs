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
    {
      arrow: [
        [154, 68],
        [258, 68],
      ],
      label: ['asks', '연결 요청'],
      at: [206, 58],
    },
    {
      arrow: [
        [412, 68],
        [496, 68],
      ],
      label: '`accept()`',
      at: [454, 58],
    },
    {
      arrow: [
        [575, 104],
        [575, 160],
      ],
      label: ['② `fork()`', '② `fork()`'],
      at: [566, 137],
      anchor: 'end',
    },
    {
      arrow: [
        [700, 104],
        [700, 284],
        [654, 284],
      ],
      label: ['② `fork()`', '② `fork()`'],
      at: [692, 244],
      anchor: 'end',
    },
    {
      arrow: [
        [158, 192],
        [258, 192],
      ],
      both: true,
    },
    {
      arrow: [
        [158, 284],
        [258, 284],
      ],
      both: true,
    },
    {
      arrow: [
        [416, 192],
        [496, 192],
      ],
      both: true,
      label: ['③ serves', '③ 서비스'],
      at: [456, 182],
    },
    {
      arrow: [
        [416, 284],
        [496, 284],
      ],
      both: true,
      label: ['③ serves', '③ 서비스'],
      at: [456, 274],
    },
  ],
}

const table = (x, y, owner, rows) => [
  { box: 'process', at: [x, y, 112, 104], lines: [owner], top: true },
  ...rows.map((text, index) => ({ text: `\`${text}\``, at: [x + 56, y + 52 + index * 34] })),
]

/** @param left where the panel begins @param closed whether each has closed what is not its own */
const panel = (left, heading, closed) => [
  { text: heading, at: [left + 177, 34], kind: 'strong' },
  ...table(left, 56, ['parent', '부모'], ['serv', 'clnt']),
  ...table(left, 196, ['child', '자식'], ['serv', 'clnt']),
  { box: 'thing', at: [left + 214, 82, 140, 44], lines: [['listening socket', '서버 소켓']] },
  { box: 'thing', at: [left + 214, 256, 140, 44], lines: [['connection', '연결된 소켓']] },
  {
    arrow: [
      [left + 78, 104],
      [left + 210, 104],
    ],
  },
  {
    arrow: [
      [left + 78, 278],
      [left + 210, 278],
    ],
  },
  ...(closed
    ? [{ cross: [left + 90, 137] }, { cross: [left + 90, 243] }]
    : [
        {
          arrow: [
            [left + 78, 137],
            [left + 218, 255],
          ],
        },
        {
          arrow: [
            [left + 78, 243],
            [left + 218, 127],
          ],
        },
      ]),
]

export const fd_copies = {
  size: [WIDTH, 352],
  title: [
    'fork copies descriptors, not sockets: after it, each process closes what is not its own',
    'fork는 소켓이 아니라 디스크립터를 복사한다. 그 뒤 서로 상관없는 디스크립터를 닫는다',
  ],
  parts: [
    ...panel(20, ['after `fork()`: two descriptors for each', '`fork()` 직후: 소켓마다 디스크립터가 둘'], false),
    {
      line: [
        [380, 24],
        [380, 304],
      ],
    },
    ...panel(388, ['after `close()`: one for each', '`close()` 뒤: 소켓마다 하나'], true),
    {
      text: [
        'The sockets are the kernel’s: one that no descriptor leads to any more is gone.',
        '소켓은 커널의 것이다. 가리키는 디스크립터가 모두 닫혀야 소멸한다.',
      ],
      at: [380, 334],
      kind: 'small',
    },
  ],
}

export const echo_mpclient = {
  size: [WIDTH, 262],
  title: [
    'One process writes what is typed, the other reads what comes: neither waits for the other',
    '한 프로세스는 입력한 것을 쓰고 다른 프로세스는 오는 것을 읽는다. 서로 기다리지 않는다',
  ],
  parts: [
    { text: ['keyboard', '키보드'], at: [54, 73] },
    { text: ['screen', '화면'], at: [54, 197] },
    { box: 'process', at: [170, 36, 170, 64], lines: [['child: writes', '자식: 쓰기'], '`write()`, `shutdown()`'] },
    { box: 'process', at: [170, 160, 170, 64], lines: [['parent: reads', '부모: 읽기'], '`read()`'] },
    {
      box: 'thing',
      at: [424, 96, 128, 68],
      lines: [
        ['socket', '소켓'],
        ['two descriptors', '디스크립터 둘'],
      ],
    },
    { box: 'client', at: [632, 92, 104, 76], lines: [['server', '서버']] },
    {
      arrow: [
        [92, 68],
        [166, 68],
      ],
    },
    {
      arrow: [
        [340, 68],
        [452, 68],
        [452, 92],
      ],
      label: ['what we say', '보내는 방향'],
      at: [396, 58],
    },
    {
      arrow: [
        [524, 164],
        [524, 192],
        [344, 192],
      ],
      label: ['what it answers', '받는 방향'],
      at: [434, 212],
    },
    {
      arrow: [
        [166, 192],
        [86, 192],
      ],
    },
    {
      arrow: [
        [552, 116],
        [628, 116],
      ],
    },
    {
      arrow: [
        [628, 146],
        [556, 146],
      ],
    },
    {
      arrow: [
        [255, 160],
        [255, 104],
      ],
      label: '`fork()`',
      at: [264, 136],
      anchor: 'start',
    },
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
    ...[62, 150, 238].map((y) => ({
      arrow: [
        [148, y],
        [204, y],
      ],
      both: true,
    })),
    { box: 'kernel', at: [396, 84, 132, 132], lines: [KERNEL], top: true },
    { box: 'thing', at: [412, 124, 100, 52], lines: [['pipe', '파이프']] },
    {
      arrow: [
        [318, 62],
        [428, 120],
      ],
    },
    {
      arrow: [
        [318, 150],
        [408, 150],
      ],
    },
    {
      arrow: [
        [318, 238],
        [428, 180],
      ],
    },
    { text: '`fds[1]`', at: [357, 142], kind: 'small' },
    { text: '`fds[0]`', at: [559, 142], kind: 'small' },
    { box: 'process', at: [596, 118, 104, 64], lines: [['writer', '저장'], '`read(fds[0])`'] },
    {
      arrow: [
        [512, 150],
        [592, 150],
      ],
    },
    { box: 'client', at: [578, 234, 140, 40], lines: ['`echomsg.txt`'] },
    {
      arrow: [
        [648, 182],
        [648, 230],
      ],
      label: '`write(file)`',
      at: [658, 211],
      anchor: 'start',
    },
  ],
}
