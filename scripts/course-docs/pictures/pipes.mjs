/** Pipes between a parent and its child. */
const KERNEL = ['kernel', '커널']
const PIPE = ['pipe', '파이프']
const CHILD = ['child', '자식']
const PARENT = ['parent', '부모']
const WIDTH = 760

const sides = (height, childLines, parentLines) => [
  { box: 'process', at: [24, 28, 150, height], lines: [CHILD, ...childLines] },
  { box: 'process', at: [586, 28, 150, height], lines: [PARENT, ...parentLines] },
  { box: 'kernel', at: [284, 28, 192, height], lines: [KERNEL], top: true },
]

export const pipe1 = {
  size: [WIDTH, 160],
  title: ['A pipe: what the child writes into it comes out at the parent', '파이프: 자식이 쓴 것이 부모 쪽에서 나온다'],
  parts: [
    ...sides(104, ['`write(fds[1])`'], ['`read(fds[0])`']),
    { box: 'thing', at: [304, 62, 152, 44], lines: [PIPE] },
    { arrow: [174, 84, 300, 84], label: ['in: `fds[1]`', '입구 `fds[1]`'], at: [229, 74] },
    { arrow: [456, 84, 582, 84], label: ['out: `fds[0]`', '출구 `fds[0]`'], at: [531, 74] },
  ],
}

export const pipe2 = {
  size: [WIDTH, 244],
  title: [
    'One pipe for both directions: who reads first takes it, the child its own question for example',
    '파이프 하나로 양방향 통신: 먼저 읽는 쪽이 가져간다. 자식이 자기 질문을 읽을 수도 있다',
  ],
  parts: [
    ...sides(176, ['`write()`, `read()`'], ['`read()`, `write()`']),
    { box: 'thing', at: [304, 78, 152, 76], lines: [PIPE, ['one for both', '양방향에 하나']] },
    { arrow: [174, 94, 300, 94], label: ['question', '질문'], at: [229, 84] },
    { arrow: [456, 94, 582, 94], label: ['question', '질문'], at: [531, 84] },
    { arrow: [582, 138, 460, 138], label: ['answer', '대답'], at: [531, 128] },
    { arrow: [300, 138, 178, 138], kind: 'wrong' },
    { text: ['the answer, or its own question?', '대답일까, 자기 질문일까?'], at: [229, 226], kind: 'small red' },
  ],
}

export const pipe3 = {
  size: [WIDTH, 222],
  title: [
    'A pipe for each direction: nobody can read what is not meant for them',
    '방향마다 파이프 하나: 상대에게 갈 것을 읽을 수 없다',
  ],
  parts: [
    ...sides(166, ['`write(up[1])`', '`read(down[0])`'], ['`read(up[0])`', '`write(down[1])`']),
    { box: 'thing', at: [304, 62, 152, 44], lines: [['pipe `up`', '파이프 `up`']] },
    { box: 'thing', at: [304, 130, 152, 44], lines: [['pipe `down`', '파이프 `down`']] },
    { arrow: [174, 84, 300, 84], label: '`up[1]`', at: [229, 74] },
    { arrow: [456, 84, 582, 84], label: '`up[0]`', at: [531, 74] },
    { arrow: [582, 152, 460, 152], label: '`down[1]`', at: [531, 142] },
    { arrow: [300, 152, 178, 152], label: '`down[0]`', at: [229, 142] },
  ],
}
