/** Descriptors and sockets: copied by fork, and one socket used by two processes. */
const WIDTH = 760

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
  { arrow: [left + 78, 104, left + 210, 104] },
  { arrow: [left + 78, 278, left + 210, 278] },
  ...(closed
    ? [{ cross: [left + 90, 137] }, { cross: [left + 90, 243] }]
    : [{ arrow: [left + 78, 137, left + 218, 255] }, { arrow: [left + 78, 243, left + 218, 127] }]),
]

export const fd_copies = {
  size: [WIDTH, 352],
  title: [
    'fork copies descriptors, not sockets: after it, each process closes what is not its own',
    'fork는 소켓이 아니라 디스크립터를 복사한다. 그 뒤 서로 상관없는 디스크립터를 닫는다',
  ],
  parts: [
    ...panel(20, ['after `fork()`: two descriptors for each', '`fork()` 직후: 소켓마다 디스크립터가 둘'], false),
    { line: [380, 24, 380, 304] },
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
    { arrow: [92, 68, 166, 68] },
    { arrow: [340, 68, 452, 68, 452, 92], label: ['what we say', '보내는 방향'], at: [396, 58] },
    { arrow: [524, 164, 524, 192, 344, 192], label: ['what it answers', '받는 방향'], at: [434, 212] },
    { arrow: [166, 192, 86, 192] },
    { arrow: [552, 116, 628, 116] },
    { arrow: [628, 146, 556, 146] },
    { arrow: [255, 160, 255, 104], label: '`fork()`', at: [264, 136], anchor: 'start' },
  ],
}
