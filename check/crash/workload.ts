/** What clients do to a store that is traced. */
export interface Workload {
  readonly model: string
  readonly clients: number
  readonly forMs: number
  /** Lines that are sent before their echoes are waited for. */
  burst(): number
  /** Bytes of a line beside its name. */
  padding(): number
}

const SIZES = [10, 10, 10, 80, 300, 1200, 5000, 20_000]

/** @param random numbers from 0 to 1 */
export const randomWorkload = (model: string, random: () => number): Workload => ({
  model,
  clients: 1 + Math.floor(random() * 12),
  forMs: 1500,
  burst: () => 1 + Math.floor(random() ** 3 * 20),
  padding: () => SIZES[Math.floor(random() * SIZES.length)] as number,
})
