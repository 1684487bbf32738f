import { cpus, release } from 'node:os'

export interface Machine {
  readonly kernel: string
  readonly cpus: number
  readonly cpu: string
  readonly node: string
}

export function describeMachine(): Machine {
  const all = cpus()
  return { kernel: release(), cpus: all.length, cpu: all[0]?.model ?? 'unknown', node: process.version }
}

export function inWords({ kernel, cpus, cpu, node }: Machine): string {
  return `Linux ${kernel}, ${cpus} x ${cpu}, Node ${node.slice(1)}`
}
