/**
 * Half a second of each server's start is spent on compiling and packing memory. That changes nothing but speed, and thousands of
 * servers are started here: most tests do without. In those that have to do with it, and with `--as-shipped` in all, servers start as
 * everywhere else.
 */
const SPARED = 'optimisation,whole-roots,compact-heap'

const AS_SHIPPED = ['test/e2e/lazy.test.ts', 'test/e2e/speed-tricks.test.ts']

/** What of the environment a test file gets for that; the caller's own choice stands. */
export const speedFor = (source, asShipped) =>
  asShipped || process.env.TINED_WITHOUT !== undefined || AS_SHIPPED.some((part) => source.startsWith(part))
    ? {}
    : { TINED_WITHOUT: SPARED }
