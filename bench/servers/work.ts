// A second of arithmetic and objects, as a handler that computes does.
export function compute(rounds: number): number {
  let sum = 0
  const seen = new Map<number, { count: number }>()
  for (let round = 0; round < rounds; round++) {
    const key = (round * 2_654_435_761) % 4096
    const entry = seen.get(key) ?? { count: 0 }
    entry.count++
    seen.set(key, entry)
    sum = (sum + Math.sqrt(round) * entry.count) % 1_000_003
  }
  return Math.round(sum)
}
