import type { Claim } from './claims.js'
import type { Measured } from './rounds.js'

const leastOfFloor = 0.2

function claimsOf(tined: Measured, others: readonly Measured[]): Claim[] {
  return tined.at.flatMap(({ clients, perSecond }, index) =>
    others.map((other) => {
      const theirs = other.at[index]?.perSecond ?? Number.NaN
      const numbers = `${Math.round(perSecond)}/s against ${Math.round(theirs)}/s`
      const ratio = perSecond / theirs
      const where = clients === 1 ? 'with 1 client' : `with ${clients} clients`
      return other.role === 'floor'
        ? {
            says: `${tined.name} reaches ${leastOfFloor.toFixed(2)} of C ${where}: ${numbers}, ${ratio.toFixed(2)}`,
            holds: ratio >= leastOfFloor,
          }
        : {
            says: `${tined.name} is ahead of ${other.name} ${where}: ${numbers}, ${ratio.toFixed(2)} times`,
            holds: ratio > 1,
          }
    }),
  )
}

/** Lists what is claimed of every Tined row: ahead of every peer, and at least a fifth of what C does. */
export function connectionClaims(measured: readonly Measured[], expected: readonly string[]): Claim[] {
  const others = measured.filter(({ role }) => role !== 'tined')
  return expected.flatMap((name) => {
    const tined = measured.find((each) => each.name === name)
    return tined === undefined ? [{ says: `${name} was measured to the end`, holds: false }] : claimsOf(tined, others)
  })
}
