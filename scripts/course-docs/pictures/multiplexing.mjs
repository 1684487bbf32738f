/** Many descriptors in one process: what is asked of select, and what it leaves in its sets. */
const client = (number) => [`client ${number}`, `클라이언트 ${number}`]
const WIDTH = 760
const CONNECTION = ['connection', '연결']

export const select = {
  size: [WIDTH, 246],
  title: [
    'select() leaves in its set only what is ready: the set is to be made anew before each call',
    'select()는 집합에 준비된 것만 남긴다. 호출할 때마다 집합을 다시 만들어야 한다',
  ],
  parts: [
    { text: ['before: what is watched', '호출 전: 관찰할 것'], at: [160, 34], kind: 'strong' },
    { bits: '10010100', at: [40, 66] },
    {
      text: ['`FD_SET(0)`, `FD_SET(3)`, `FD_SET(5)`', '`FD_SET(0)`, `FD_SET(3)`, `FD_SET(5)`'],
      at: [160, 122],
      kind: 'small',
    },
    { box: 'process', at: [316, 54, 128, 54], lines: ['`select()`', ['waits', '기다린다']] },
    { arrow: [284, 81, 312, 81] },
    { arrow: [444, 81, 476, 81] },
    { text: ['after: what is ready', '호출 뒤: 준비된 것'], at: [600, 34], kind: 'strong' },
    { bits: '00010000', at: [480, 66] },
    { text: ['`FD_ISSET(3)` is true', '`FD_ISSET(3)`이 참'], at: [600, 122], kind: 'small' },
    { arrow: [380, 168, 380, 112] },
    { box: 'thing', at: [280, 168, 200, 44], lines: [['bytes come for 3', '3번에 바이트가 온다']] },
    {
      text: ['`select(5 + 1, …)`: the highest plus one', '`select(5 + 1, …)`: 가장 큰 번호 + 1'],
      at: [24, 228],
      kind: 'small',
      anchor: 'start',
    },
    { text: ['it returns 1: one is ready', '1을 반환: 하나가 준비됨'], at: [736, 228], kind: 'small', anchor: 'end' },
  ],
}

export const echo_selectserv = {
  size: [WIDTH, 320],
  title: [
    'One process watches the listening socket and all connections with select()',
    '프로세스 하나가 서버 소켓과 모든 연결을 select()로 지켜본다',
  ],
  parts: [
    { box: 'client', at: [24, 32, 130, 48], lines: [client(3)] },
    { box: 'client', at: [24, 120, 130, 48], lines: [client(1)] },
    { box: 'client', at: [24, 208, 130, 48], lines: [client(2)] },
    { box: 'kernel', at: [244, 20, 178, 252] },
    { box: 'thing', at: [258, 32, 150, 48], lines: [['listening socket', '서버 소켓']] },
    { box: 'thing', at: [258, 120, 150, 48], lines: [CONNECTION] },
    { box: 'thing', at: [258, 208, 150, 48], lines: [CONNECTION] },
    { arrow: [154, 56, 254, 56], label: ['asks', '연결 요청'], at: [206, 46] },
    { arrow: [158, 144, 254, 144], both: true },
    { arrow: [158, 232, 254, 232], both: true },
    { box: 'process', at: [508, 20, 228, 252] },
    { text: ['one process', '프로세스 하나'], at: [622, 48], kind: 'strong' },
    { text: ['`select()`: who is ready?', '`select()`: 준비된 것은?'], at: [622, 80] },
    { bits: '000111', at: [532, 116] },
    { text: ['3: `accept()`', '3번: `accept()`'], at: [622, 182] },
    { text: ['4, 5: `read()`, `write()`', '4, 5번: `read()`, `write()`'], at: [622, 212] },
    { text: ['0: the end, `close()`', '0이면 끝, `close()`'], at: [622, 242] },
    { arrow: [408, 56, 504, 56], label: '3', at: [456, 46] },
    { arrow: [412, 144, 504, 144], both: true, label: '4', at: [456, 134] },
    { arrow: [412, 232, 504, 232], both: true, label: '5', at: [456, 222] },
    {
      text: [
        'No fork: all descriptors are in one process, and it never waits for a single client.',
        'fork하지 않는다. 디스크립터는 모두 한 프로세스에 있고, 한 클라이언트만 기다리는 일이 없다.',
      ],
      at: [380, 302],
      kind: 'small',
    },
  ],
}
