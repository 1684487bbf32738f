/** Processes on a time line, which goes to the right: what ends, and who asks for it. */
const parent = ['parent', '부모']
const child = ['child', '자식']
const WIDTH = 760

const lane = (text, y) => ({ text, at: [24, y + 5], kind: 'strong', anchor: 'start' })
const time = (y) => [
  { arrow: [90, y, 736, y] },
  { text: ['time', '시간'], at: [736, y + 18], kind: 'small', anchor: 'end' },
]

export const zombie = {
  size: [WIDTH, 250],
  title: [
    'A child has ended while its parent sleeps: it is a zombie until the parent ends',
    '부모가 자는 동안 종료한 자식은 부모가 끝날 때까지 좀비로 남는다',
  ],
  parts: [
    lane(parent, 62),
    { bar: 'process', from: 90, to: 190, y: 62 },
    {
      bar: 'waits',
      from: 190,
      to: 600,
      y: 62,
      text: ['`sleep(20)`: it does not ask', '`sleep(20)`: 종료 상태를 묻지 않는다'],
    },
    { text: ['it ends', '종료'], at: [610, 67], kind: 'small', anchor: 'start' },
    { arrow: [160, 77, 160, 132], label: '`fork()`', at: [150, 110], anchor: 'end' },
    lane(child, 148),
    { bar: 'process', from: 160, to: 300, y: 148, text: ['runs', '실행'] },
    { bar: 'zombie', from: 300, to: 600, y: 148, text: ['zombie', '좀비'] },
    { text: '`_exit(3)`', at: [300, 184], kind: 'small' },
    {
      text: ['kept: pid, status 3. Gone: memory, descriptors', '남은 것: pid, 상태 3. 사라진 것: 메모리, 디스크립터'],
      at: [640, 184],
      kind: 'small',
      anchor: 'end',
    },
    { arrow: [600, 148, 640, 148] },
    { text: ['`init` takes it', '`init`이 거둔다'], at: [648, 153], kind: 'small', anchor: 'start' },
    { line: [600, 40, 600, 132] },
    ...time(214),
  ],
}

export const wait = {
  size: [WIDTH, 300],
  title: [
    'wait() blocks until a child ends, and takes its status',
    'wait()는 자식이 종료할 때까지 블로킹되고 종료 상태를 받아 온다',
  ],
  parts: [
    lane(parent, 62),
    { bar: 'process', from: 90, to: 220, y: 62, text: '`fork()` × 2' },
    { bar: 'waits', from: 220, to: 330, y: 62, text: '`wait()`' },
    { bar: 'process', from: 330, to: 400, y: 62 },
    { bar: 'waits', from: 400, to: 590, y: 62, text: '`wait()`' },
    { bar: 'process', from: 590, to: 720, y: 62, text: ['no zombie left', '좀비 없음'] },
    { arrow: [190, 77, 190, 192] },
    lane(child, 138),
    { bar: 'process', from: 130, to: 330, y: 138, text: ['runs', '실행'] },
    { text: '`_exit(3)`', at: [338, 143], kind: 'small', anchor: 'start' },
    { arrow: [130, 77, 130, 122] },
    { arrow: [330, 122, 330, 79], kind: 'signal', label: ['status 3', '상태 3'], at: [340, 104], anchor: 'start' },
    lane(child, 208),
    { bar: 'process', from: 190, to: 590, y: 208, text: '`sleep(1)`' },
    { text: '`_exit(7)`', at: [598, 213], kind: 'small', anchor: 'start' },
    { arrow: [590, 192, 590, 79], kind: 'signal', label: ['status 7', '상태 7'], at: [600, 140], anchor: 'start' },
    ...time(262),
  ],
}

export const remove_zombie = {
  size: [WIDTH, 290],
  title: [
    'The kernel says with SIGCHLD that a child has ended; the handler takes its status, and no zombie stays',
    '자식이 종료하면 커널이 SIGCHLD로 알리고, 핸들러가 종료 상태를 받아 좀비가 남지 않는다',
  ],
  parts: [
    lane(parent, 106),
    { bar: 'process', from: 90, to: 190, y: 106 },
    { bar: 'waits', from: 190, to: 400, y: 106, text: '`sleep(2)`' },
    { bar: 'handler', from: 400, to: 560, y: 106, text: '`readChildren()`' },
    { bar: 'process', from: 560, to: 720, y: 106, text: ['goes on', '계속한다'] },
    { text: ['the signal ends `sleep`', '시그널이 `sleep`을 끝낸다'], at: [392, 80], kind: 'small', anchor: 'end' },
    {
      text: [
        '`waitpid(-1, &status, WNOHANG)` until none is left',
        '남은 것이 없을 때까지 `waitpid(-1, &status, WNOHANG)`',
      ],
      at: [400, 48],
      kind: 'small',
    },
    { line: [480, 56, 480, 90] },
    { arrow: [150, 121, 150, 190], label: '`fork()`', at: [140, 160], anchor: 'end' },
    lane(child, 206),
    { bar: 'process', from: 150, to: 380, y: 206, text: '`sleep(1)`' },
    { bar: 'zombie', from: 380, to: 480, y: 206, text: ['zombie', '좀비'] },
    { text: '`_exit(12)`', at: [372, 238], kind: 'small' },
    { arrow: [388, 190, 400, 124], kind: 'signal', label: 'SIGCHLD', at: [382, 162], anchor: 'end' },
    { arrow: [480, 190, 480, 124], label: ['status 12', '상태 12'], at: [490, 162], anchor: 'start' },
    {
      text: ['gone: only for a moment a zombie', '사라짐: 좀비인 것은 한순간뿐'],
      at: [490, 211],
      kind: 'small',
      anchor: 'start',
    },
    ...time(256),
  ],
}
