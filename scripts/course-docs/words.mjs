/** What the pages of the course say around the texts of `tined course`. */
export const words = {
  en: {
    other: '한국어',
    index: 'All programs',
    next: 'Next',
    before: 'Before',
    run: 'To run it',
    breakIt: 'Break it',
    howToBreak:
      'Change a copy, `tined course NAME --source > NAME.ts` or `tined course NAME --c > NAME.c`, and say first what you expect. How TypeScript is run: [running.md](../running.md#typescript).',
    versions: { ts: 'TypeScript', c: 'C' },
    seen: 'What is then seen:',
    seenInTypeScript: 'What is then seen, in TypeScript:',
    seenInC: 'And in C:',
    newCalls: 'Calls that are new here',
    allCalls: 'All calls of the course are on [one page](calls.md).',
    slips: 'Slips that are easily copied',
    more: 'Besides',
    calls:
      'every call of the course with its prototype, what it takes and what it returns; slips that are easily copied',
    differences: 'where TypeScript differs from C',
  },
  ko: {
    other: 'English',
    index: '모든 프로그램',
    next: '다음',
    before: '이전',
    run: '실행',
    breakIt: '일부러 망가뜨리기',
    howToBreak:
      '사본(`tined course NAME --source --lang ko > NAME.ts`나 `tined course NAME --c --lang ko > NAME.c`)을 고치고, 실행하기 전에 무엇이 일어날지 먼저 말해 보세요. TypeScript를 실행하는 방법은 [running.md](../running.md#typescript)(영어)에 있습니다.',
    versions: { ts: 'TypeScript', c: 'C' },
    seen: '이렇게 하면 다음과 같습니다.',
    seenInTypeScript: '이렇게 하면 TypeScript에서는 다음과 같습니다.',
    seenInC: 'C에서는 다음과 같습니다.',
    newCalls: '여기서 처음 나오는 호출',
    allCalls: '강의에 나오는 모든 호출은 [한 페이지](calls.ko.md)에 있습니다.',
    slips: '그대로 옮기기 쉬운 실수',
    more: '그 밖에',
    calls: '강의에 나오는 모든 호출의 원형과 받는 것, 반환하는 것, 그대로 옮기기 쉬운 실수',
    differences: 'TypeScript가 C와 다른 점',
  },
}
