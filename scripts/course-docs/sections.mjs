/** What the programs teach, in the order of the course: a section begins with the program it names, and goes on to the next one's. */
import { programNames } from '../../dist/src/cli/course/programs.js'

const SECTIONS = [
  { first: 'zombie', en: 'Zombies, and how they go', ko: '좀비 프로세스 소멸' },
  { first: 'signal', en: 'Signals and their handlers', ko: '시그널 핸들링' },
  {
    first: 'remove_zombie',
    en: 'Zombies removed by a handler',
    ko: '시그널 핸들링을 통한 좀비 프로세스 소멸',
  },
  { first: 'echo_mpserv', en: 'A process for each client', ko: '멀티태스킹 기반 다중 접속' },
  { first: 'fd_copies', en: 'Descriptors copied by fork', ko: 'fork를 통한 파일 디스크립터의 복사' },
  { first: 'echo_mpclient', en: 'Input and output apart', ko: 'TCP의 입출력 루틴 분할' },
  { first: 'pipe1', en: 'Between processes: pipes', ko: '프로세스 간 통신: 파이프' },
  { first: 'select', en: 'Many clients in one process', ko: 'IO 멀티플렉싱' },
]

/** @param {'en' | 'ko'} language @returns {{ title: string, programs: string[] }[]} */
export function sectionsIn(language) {
  const starts = SECTIONS.map(({ first }) => programNames.indexOf(first))
  return SECTIONS.map((section, index) => ({
    title: section[language],
    programs: programNames.slice(starts[index], starts[index + 1]),
  }))
}
