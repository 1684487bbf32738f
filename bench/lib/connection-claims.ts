import type { Claim } from './claims.js'
import { perlForking, preforkEcho, pythonForking, tcpserver } from './peer-specs.js'
import type { Measured } from './rounds.js'
import { builtIn, heavyAsync, ownAsync, ownCallbacks, tinedPreforkOnce, tinedPreforkReuse } from './tined-specs.js'

const leastOfFloor = 0.2

const inClients = (clients: number): string => (clients === 1 ? 'with 1 client' : `with ${clients} clients`)

function claimsOf(tined: Measured, others: readonly Measured[]): Claim[] {
  return tined.at.flatMap(({ clients, perSecond }, index) =>
    others.map((other) => {
      const theirs = other.at[index]?.perSecond ?? Number.NaN
      const numbers = `${Math.round(perSecond)}/s against ${Math.round(theirs)}/s`
      const ratio = perSecond / theirs
      const where = inClients(clients)
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
  const others = measured.filter(({ role }) => role === 'floor' || role === 'peer')
  return expected.flatMap((name) => {
    const tined = measured.find((each) => each.name === name)
    return tined === undefined ? [{ says: `${name} was measured to the end`, holds: false }] : claimsOf(tined, others)
  })
}

/** What users write, of what is built in or of the same in an empty program. */
const SHARES = [
  { of: ownCallbacks, to: builtIn, least: 0.9 },
  { of: ownAsync, to: builtIn, least: 0.7 },
  { of: heavyAsync, to: ownAsync, least: 0.9 },
]
const BEHIND_ASYNC = [tcpserver, pythonForking, perlForking]

/** Lists what is claimed of handlers that users write. */
export function ownClaims(measured: readonly Measured[]): Claim[] {
  const find = (name: string) => measured.find((each) => each.name === name)
  const shares = SHARES.flatMap(({ of, to, least }) =>
    (find(of.name)?.at ?? []).map(({ clients, perSecond }, index) => {
      const share = perSecond / (find(to.name)?.at[index]?.perSecond ?? Number.NaN)
      const says = `${of.name} reaches ${least} of ${to.name}, ${inClients(clients)}: ${share.toFixed(2)}`
      return { says, holds: share >= least }
    }),
  )
  const own = find(ownAsync.name)
  const peers = BEHIND_ASYNC.flatMap(({ name }) => find(name) ?? [])
  return [...shares, ...(own === undefined ? [] : claimsOf(own, peers))]
}

const mostOfFloorUs = 1.3
const leastOfForkedAhead = 0.7

/** Lists what is claimed of model prefork, against C that forks for each connection, and C that forks ahead. */
export function aheadClaims(measured: readonly Measured[]): Claim[] {
  const at = (name: string, clients: number) =>
    measured.find((each) => each.name === name)?.at.find((point) => point.clients === clients)
  const once = at(tinedPreforkOnce.name, 1)?.p50Us ?? Number.NaN
  const floor = measured.find(({ role }) => role === 'floor')?.at.find(({ clients }) => clients === 1)
  const late = once / (floor?.p50Us ?? Number.NaN)
  const rested = (wanted: (each: Measured) => boolean): number => measured.find(wanted)?.restedP50Us ?? Number.NaN
  const lateRested = rested(({ name }) => name === tinedPreforkOnce.name) / rested(({ role }) => role === 'floor')
  const reuse = at(tinedPreforkReuse.name, 20)?.perSecond ?? Number.NaN
  const share = reuse / (at(preforkEcho('').name, 20)?.perSecond ?? Number.NaN)
  return [
    {
      says: `${tinedPreforkOnce.name} takes at most ${mostOfFloorUs} times as long as C that forks, with 1 client: ${late.toFixed(2)}`,
      holds: late <= mostOfFloorUs,
    },
    {
      says: `the same with a client that rests before each connection: ${lateRested.toFixed(2)}`,
      holds: lateRested <= mostOfFloorUs,
    },
    {
      says: `${tinedPreforkReuse.name} reaches ${leastOfForkedAhead} of C that forks ahead, with 20 clients: ${share.toFixed(2)}`,
      holds: share >= leastOfForkedAhead,
    },
  ]
}
