/** Where a server is told to listen: a port chosen for it, or a file in which to name the port it chose. */
export interface Place {
  readonly port: number
  readonly portFile: string
}

/** One row of a bench: how a server is started, and what it needs. */
export interface ServerSpec {
  readonly name: string
  /** `own`: what users write, compared with what is built in; `ahead`: forks before its clients come. */
  readonly role: 'tined' | 'own' | 'floor' | 'peer' | 'ahead'
  readonly command: string
  readonly args: (place: Place) => string[]
  /** When it is ready: once the port answers, or once the port file holds its line. */
  readonly ready: 'port' | 'port-file'
  /** Says what is missing and how to get it; undefined when nothing is. */
  readonly missing: () => string | undefined
  /** Connections made before measuring, and idle connections to hold when measuring memory: few where a process is dear. */
  readonly warmup: number
  readonly idle: number
}

export const usual = { role: 'peer', ready: 'port', warmup: 100, idle: 300 } as const

/** Splits the rows into those that can run here and one line for each that cannot. */
export function selectAvailable(specs: readonly ServerSpec[]): { available: ServerSpec[]; skipped: string[] } {
  const available: ServerSpec[] = []
  const skipped: string[] = []
  for (const spec of specs) {
    const reason = spec.missing()
    if (reason === undefined) available.push(spec)
    else skipped.push(`skipped: ${reason}`)
  }
  return { available, skipped: [...new Set(skipped)] }
}
