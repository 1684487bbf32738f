import type { Kind, Texts } from './texts.ts'

const kind = (name: string, says: string, anchor: string): Kind => ({
  name,
  says,
  link: `/docs/course.ko.html#${anchor}`,
})

const MEANINGS: Record<string, string> = {
  finished: '정상 종료',
  'the handler failed': '핸들러가 실패함',
  'the event loop was empty before the handler had finished': '핸들러가 끝나기 전에 이벤트 루프가 비었음',
  'it could not be set up': '프로세스를 준비하지 못함',
  'it gave its client back': '클라이언트를 돌려줌',
  'an unexpected error of Tined itself': 'Tined 자체의 예상하지 못한 오류',
}

/** As src/supervisor/exit-status.ts words it. */
function reason(text: string): string {
  const killed = /^killed by (\S+?)(, core dumped)?$/.exec(text)
  if (killed !== null) return `${killed[1]} 시그널로 종료됨${killed[2] === undefined ? '' : ', 코어 덤프'}`
  const exited = /^exited with status (\d+)(?:: (.*))?$/.exec(text)
  if (exited === null) return text
  const [, status, meaning] = exited
  return `종료 상태 ${status}${meaning === undefined ? '' : `: ${MEANINGS[meaning] ?? meaning}`}`
}

export const korean: Texts = {
  skip: '프로세스로 건너뛰기',
  language: '언어',
  servers: '서버',
  processes: '프로세스',
  processesOf: (count) => `프로세스 ${count}개`,
  connectionsOf: (count) => `연결 ${count}개`,
  youngest: '가장 최근에 시작한 것',
  drawing: '어느 프로세스가 어느 프로세스를 fork했는지 보여 줍니다. 하나를 고르면 자세히 볼 수 있습니다.',
  details: '고른 프로세스',
  detailsHint: '그림에서 프로세스를 고르세요.',
  close: '닫기',
  charts: '시간에 따른 변화',
  ends: '최근 종료',
  noEnds: '아직 종료한 프로세스가 없습니다.',
  warnings: '경고',
  noWarnings: '경고할 것이 없습니다.',
  kinds: '용어',
  learnMore: (name) => `${name} 더 알아보기`,
  noServer: '이 사용자가 볼 수 있는 실행 중인 Tined 서버가 없습니다.',
  noServerHint: '터미널에서 서버를 시작하면 여기에 나타납니다.',
  lost: '페이지가 응답하지 않습니다. 아래 내용은 오래된 것입니다. 다시 시도하는 중 …',
  connecting: '첫 결과를 기다리는 중 …',
  looked: (everyS, cpuMs) => `${everyS}초마다 살펴보며, 한 번에 CPU 시간 ${cpuMs} ms가 듭니다.`,
  summary: (connections, processes) => `연결 ${connections}개, 프로세스 ${processes}개`,
  gone: '종료됨',
  unknown: '알 수 없음',
  group: (count, name) => `${name} ${count}개`,
  ago: (time) => `${time} 전`,
  afterLiving: (time) => `${time} 동안 실행`,
  wellEnded: '정상',
  badlyEnded: '비정상',
  notes: '읽을 수 없는 것이 있습니다',
  facts: {
    pid: 'PID',
    parent: '부모 프로세스',
    state: '상태',
    client: '클라이언트',
    age: '실행 시간',
    received: '받은 바이트',
    sent: '보낸 바이트',
    messages: '메시지',
    cpu: 'CPU 시간',
    rss: '메모리 (RSS)',
    pss: '분담 메모리 (PSS)',
    own: '고유 메모리',
    connections: '연결',
    occupation: '하는 일',
    ended: '종료 이유',
  },
  memoryAge: (time) => `${time} 전에 측정`,
  notMeasured: '아직 측정하지 않음',
  descriptors: '디스크립터',
  descriptorColumns: ['FD', '무엇인가', '열린 방식', '함께 가진 프로세스'],
  access: { read: '읽기', write: '쓰기', 'read and write': '읽기·쓰기' },
  descriptorsAgain: '다시 보기',
  partial: '프로세스가 많아서 연결끼리는 비교하지 않았습니다.',
  chartNames: {
    accepted: '초당 연결',
    messages: '초당 메시지',
    memory: '연결당 메모리',
    waiting: '수락을 기다리는 연결',
  },
  chartNow: (value) => `지금 ${value}`,
  reason,
  roles: {
    launcher: kind('런처', '처음 시작한 프로세스입니다. 슈퍼바이저를 한 번 fork하고 그 종료를 기다립니다.', 'wait'),
    supervisor: kind(
      '슈퍼바이저',
      '클라이언트를 수락하고, 클라이언트마다 프로세스를 fork하며, 종료한 프로세스를 거둡니다.',
      'remove_zombie',
    ),
    connection: kind('연결', 'fork된 프로세스로, 클라이언트 하나를 맡고 함께 끝납니다.', 'echo_mpserv'),
    prefork: kind(
      '미리 fork된 워커',
      '클라이언트가 오기 전에 fork되어 한 번에 하나씩 맡는 프로세스입니다.',
      'echo_mpserv',
    ),
    worker: kind('워커', '어느 클라이언트가 준비되었는지 커널에 물으며 여럿을 맡는 프로세스입니다.', 'echo_selectserv'),
    writer: kind(
      '기록 프로세스',
      '모든 연결이 파이프로 보낸 것을 파일에 쓰는 하나뿐인 프로세스입니다.',
      'echo_storeserv',
    ),
    program: kind('프로그램', '핸들러나 런처가 시작한 프로그램입니다.', 'wait'),
    process: kind('프로세스', 'Tined 서버에 속하지 않는 프로세스입니다.', 'wait'),
    orphan: kind('고아', '부모가 종료한 프로그램입니다. 슈퍼바이저가 맡아서 끝냅니다.', 'zombie'),
    page: {
      name: '페이지',
      says: '지금 이 화면을 보여 주는 프로세스입니다. 읽기만 하며, 어느 연결도 이것을 기다리지 않습니다.',
      link: '/docs/page.html',
    },
  },
  states: {
    running: kind('실행 중', '계산하고 있거나 코어를 기다립니다.', 'echo_mpserv'),
    sleeping: kind('대기 중', '바이트, 시그널, 자식 같은 무언가를 기다립니다.', 'select'),
    'waiting for disk': kind('디스크 대기', '디스크를 기다리며, 시그널로 깨울 수 없습니다.', 'echo_storeserv'),
    stopped: kind('정지됨', '시그널로 멈추었습니다. SIGCONT가 올 때까지 아무것도 하지 않습니다.', 'signal'),
    traced: kind('추적됨', '디버거가 붙잡고 있습니다.', 'signal'),
    zombie: kind('좀비', '종료했지만 부모가 아직 종료 상태를 묻지 않았습니다.', 'zombie'),
  },
  things: {
    descriptor: kind(
      '디스크립터',
      '프로세스가 열린 파일, 파이프, 소켓을 가리키는 번호입니다. fork하면 복사됩니다.',
      'fd_copies',
    ),
    queue: kind('수락 대기열', '커널이 연결을 맺었지만 아직 아무도 수락하지 않은 클라이언트입니다.', 'echo_mpserv'),
    end: kind(
      '종료',
      '프로세스가 종료할 때 부모에게 남기는 것입니다. 종료 상태이거나 종료시킨 시그널입니다.',
      'waitpid',
    ),
    memory: {
      name: '메모리',
      says: 'RSS는 모든 페이지를 세고, PSS는 공유 페이지를 공유하는 수로 나누며, 고유 메모리는 fork한 뒤에 쓴 것입니다.',
      link: '/docs/ps.html',
    },
  },
  occupations: { starting: '시작하는 중', idle: '쉬는 중', busy: '일하는 중' },
  warned: {
    lost: (pid) => `스코어보드에는 ${pid}이(가) 실행 중이라고 되어 있지만 그런 프로세스가 없습니다.`,
    unreaped: (pid) => `${pid}이(가) 종료했지만 슈퍼바이저가 거두지 않고 있습니다.`,
    zombie: (pid) => `${pid}은(는) 좀비입니다. 종료했지만 부모가 기다려 주지 않았습니다.`,
    orphan: (pid) => `${pid}은(는) 고아입니다. 시작한 프로세스가 종료했고, 슈퍼바이저가 2초 안에 끝냅니다.`,
    'no-socket': (pid) => `${pid}의 클라이언트 소켓이 사라졌는데도 핸들러가 계속 실행되고 있습니다.`,
  },
}
