/** What the events of a test file amount to. */

/**
 * How the reason of a skip starts when nothing is missing: the running Node has no such feature, or the case cannot
 * hold for this model. Every other skip means that something could be installed, and `--no-skips` refuses it.
 */
export const DECLARED = 'by design: '

/** Tests that had begun and had not ended. Pass and fail are told in the order of the file, so completion counts as well. */
function underWay(events) {
  const open = new Map()
  for (const { type, test, name } of events)
    if (type === 'test:dequeue') open.set(test, name)
    else open.delete(test)
  return [...open.values()].join(', ') || 'nothing yet'
}

function problemsOf({ killed, left, code, signal, events }, results, failed) {
  if (killed !== undefined) return [`${killed}; under way: ${underWay(events)}`]
  const problems = left.map((process) => `left behind: ${process}`)
  if (signal !== null) problems.push(`the test process was killed by ${signal}`)
  else if (code !== 0 && failed.length === 0) problems.push(`the test process exited with status ${code}`)
  else if (code === 0 && results.length === 0) problems.push('it has no test')
  return problems
}

/** Suites are not counted: their tests are. */
export function judge(run) {
  const results = run.events.filter(({ type }) => type === 'test:pass' || type === 'test:fail')
  const ended = results.filter(({ suite }) => !suite)
  const skips = results
    .filter(({ skip }) => skip !== undefined)
    .map(({ name, skip }) => ({ test: `${run.source}: ${name}`, reason: skip || 'no reason given' }))
  const failed = results
    .filter(({ type }) => type === 'test:fail')
    .map(({ name, why }) => (why === undefined ? name : `${name}: ${why}`))
  return {
    tests: ended.length,
    passed: ended.filter(({ type, skip }) => type === 'test:pass' && skip === undefined).length,
    failed,
    declared: skips.filter(({ reason }) => reason.startsWith(DECLARED)),
    undeclared: skips.filter(({ reason }) => !reason.startsWith(DECLARED)),
    problems: problemsOf(run, results, failed),
  }
}

export const isWell = ({ failed, problems }) => failed.length === 0 && problems.length === 0
