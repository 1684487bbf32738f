/** Which processes serve connections, and how many each. */

export const SERVING = ['connection', 'prefork', 'worker', 'single'] as const

interface Serving {
  role: string
  connections?: number | undefined
  occupation?: string | undefined
}

/** Connections that a process serves now. */
export const servedBy = ({ role, connections, occupation }: Serving): number =>
  role === 'connection' ? 1 : role === 'prefork' ? Number(occupation === 'busy') : (connections ?? 0)
