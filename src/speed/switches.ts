/**
 * What a supervisor does for speed only. Each can be left out, to rule it out or to measure it:
 * `TINED_WITHOUT=freeze,huge-text`.
 */
export const MEASURES = ['rehearsal', 'huge-text', 'gather', 'freeze', 'single-pages'] as const
export type Measure = (typeof MEASURES)[number]

const left = new Set((process.env['TINED_WITHOUT'] ?? '').split(',').filter(Boolean))

/** @throws {TypeError} when TINED_WITHOUT names something else */
export function takes(measure: Measure): boolean {
  for (const name of left)
    if (!MEASURES.includes(name as Measure))
      throw new TypeError(`TINED_WITHOUT: expected some of ${MEASURES.join(',')}, got ${JSON.stringify(name)}`)
  return !left.has(measure)
}
