import { readFileSync } from 'node:fs'
import type { Process } from './process-tree.js'

/** What a process costs, in KB of 1024 bytes. */
export interface Memory {
  /** Its own pages, plus its share of those it shares. */
  readonly pss: number
  readonly pssAnon: number
  readonly pssFile: number
  readonly privateDirty: number
  /** The kernel's own memory for it, which PSS leaves out. */
  readonly pageTables: number
}

const nothing: Memory = { pss: 0, pssAnon: 0, pssFile: 0, privateDirty: 0, pageTables: 0 }

function field(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0)
}

function readMemory({ pid }: Process): Memory {
  const smaps = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')
  const status = readFileSync(`/proc/${pid}/status`, 'latin1')
  return {
    pss: field(smaps, 'Pss'),
    pssAnon: field(smaps, 'Pss_Anon'),
    pssFile: field(smaps, 'Pss_File'),
    privateDirty: field(smaps, 'Private_Dirty'),
    pageTables: field(status, 'VmPTE'),
  }
}

function combine(left: Memory, right: Memory, operation: (left: number, right: number) => number): Memory {
  return {
    pss: operation(left.pss, right.pss),
    pssAnon: operation(left.pssAnon, right.pssAnon),
    pssFile: operation(left.pssFile, right.pssFile),
    privateDirty: operation(left.privateDirty, right.privateDirty),
    pageTables: operation(left.pageTables, right.pageTables),
  }
}

/** Adds up the memory of all the processes. Throws when one has ended: what is measured is to be at rest. */
export function sumMemory(processes: readonly Process[]): Memory {
  return processes.map(readMemory).reduce((sum, memory) => combine(sum, memory, (left, right) => left + right), nothing)
}

/** Spreads the growth from one sum to the other over so many. */
export function growth(before: Memory, after: Memory, count: number): Memory {
  return combine(before, after, (left, right) => (right - left) / count)
}

export function mean(processes: readonly Process[]): Memory {
  return growth(nothing, sumMemory(processes), Math.max(processes.length, 1))
}
