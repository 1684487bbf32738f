/** What the pages of the course say around the texts of `tined course`. */
export const words = {
  en: {
    other: '한국어',
    index: 'All programs',
    next: 'Next',
    before: 'Before',
    run: 'To run it',
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
    newCalls: '여기서 처음 나오는 호출',
    allCalls: '강의에 나오는 모든 호출은 [한 페이지](calls.ko.md)에 있습니다.',
    slips: '그대로 옮기기 쉬운 실수',
    more: '그 밖에',
    calls: '강의에 나오는 모든 호출의 원형과 받는 것, 반환하는 것, 그대로 옮기기 쉬운 실수',
    differences: 'TypeScript가 C와 다른 점',
  },
}
