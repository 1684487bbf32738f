/** The imports between rooms, counted. */
import { isBelow, roomOf, rooms, SURFACE } from './rooms.mjs'

/** From the top: what lies on all others comes first. */
export const fromTop = [SURFACE, ...rooms.toReversed()]

/**
 * @param imports what dependency-cruiser found
 * @returns number of files by room; rooms with a circle inside; pairs of rooms with the number of imports, `wrong` if upwards
 *   or in a circle
 */
export function countByRoom({ modules }) {
  const files = new Map(fromTop.map((room) => [room, 0]))
  const circles = new Set()
  const pairs = new Map()
  for (const { source, dependencies } of modules) {
    const from = roomOf(source)
    if (from === undefined) continue
    files.set(from, files.get(from) + 1)
    for (const { resolved, circular } of dependencies) {
      const to = roomOf(resolved)
      if (to === from && circular) circles.add(from)
      if (to === undefined || to === from) continue
      const pair = pairs.get(`${from} ${to}`) ?? { from, to, count: 0, wrong: false }
      pair.count += 1
      pair.wrong ||= circular || !(from === SURFACE || isBelow(to, from))
      pairs.set(`${from} ${to}`, pair)
    }
  }
  return { files, circles, pairs: [...pairs.values()] }
}
