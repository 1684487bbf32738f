/**
 * Most of a server's start is spent on what makes its children fast: a connection rehearsed, code compiled, memory packed, frozen and put on huge pages. That
 * changes nothing but speed, and a thousand servers are started here: most tests do without. In those that have to do with it, and with
 * `--as-shipped` in all, servers start as everywhere else; with `--rehearsed` they do but for what takes longest.
 */
const SLOWEST = 'optimisation,whole-roots,compact-heap'
const SPARED = `${SLOWEST},rehearsal,freeze,huge-text`

const AS_SHIPPED = ['test/e2e/lazy.test.ts', 'test/e2e/speed-tricks.test.ts']
/** Some stop servers while they start, or look at the CPU time of a supervisor: without it there is hardly any of either. */
const REHEARSED = ['test/e2e/rehearsal-option.test.ts', 'test/e2e/stop-program.test.ts', 'test/e2e/page.test.ts']

/**
 * What of the environment a test file gets for that; the caller's own choice stands.
 *
 * @param {string} source
 * @param {{ asShipped: boolean, rehearsed: boolean }} wanted
 */
export function speedFor(source, { asShipped, rehearsed }) {
  const among = (parts) => parts.some((part) => source.startsWith(part))
  if (asShipped || process.env.TINED_WITHOUT !== undefined || among(AS_SHIPPED)) return {}
  return { TINED_WITHOUT: rehearsed || among(REHEARSED) ? SLOWEST : SPARED }
}
