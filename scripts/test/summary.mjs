/** The end of a run, in words. */

const plural = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`

/** Each test has a folder of its own, whose name ends in six letters of mkdtemp's: what differs in that only is one reason. */
const folded = (reason) => reason.replace(/(\/[\w.-]+-)[A-Za-z0-9]{6}\b/g, '$1*')

function skipLines(title, found) {
  if (found.length === 0) return []
  const skips = found.map(({ test, reason }) => ({ test, reason: folded(reason) }))
  const reasons = [...new Set(skips.map(({ reason }) => reason))]
  const testsWith = (wanted) => skips.filter(({ reason }) => reason === wanted).map(({ test }) => test)
  return [title, ...reasons.flatMap((reason) => [`  ${reason}`, ...testsWith(reason).map((test) => `    ${test}`)])]
}

/** The line that says it all; .ci/run looks for it. */
export function summaryLine({ tests, passed, failed, declared, undeclared, seconds, ok }) {
  const counts = [
    plural(tests, 'test'),
    `${passed} passed`,
    `${failed} failed`,
    `${declared.length} skipped by design`,
    `${undeclared.length} skipped for want of something`,
    `${seconds.toFixed(0)} s`,
  ]
  return `${ok ? 'PASS' : 'FAIL'}  Node ${process.versions.node}: ${counts.join(', ')}`
}

export function printSummary(total, badFiles, noSkips) {
  const lines = [
    '',
    ...skipLines('Skipped by design:', total.declared),
    ...skipLines(noSkips ? 'Skipped, which --no-skips does not allow:' : 'Skipped:', total.undeclared),
    ...total.unsteady.flatMap(({ source, what }) => [
      `Passed at the second try only: ${source}`,
      ...what.map((line) => `  ${line}`),
    ]),
    ...badFiles.flatMap(({ source, failed, problems }) => [
      `Failed: ${source}`,
      ...[...failed, ...problems].map((what) => `  ${what}`),
    ]),
    summaryLine(total),
  ]
  console.log(lines.join('\n'))
}
