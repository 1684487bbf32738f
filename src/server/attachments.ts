/** What a program opens before `serve` for its handlers, with processes and descriptors of its own: a store to append to. */
import type { Family } from '../supervisor/children.js'
import { NOTHING_PREPARED, type Prepared } from '../supervisor/supervised.js'
import type { Application, Costs } from './application.js'

/** All of an application but its handler. */
export type Attachment = Omit<Application, 'handler'>

/** For the next server of this process. */
let waiting: Attachment[] = []

export const attach = (attachment: Attachment): void => void waiting.push(attachment)

/** The application with what was opened before it. */
export function withAttachments<Served extends Application>(application: Served): Served {
  if (waiting.length === 0) return application
  const parts: Attachment[] = [...waiting, application]
  waiting = []
  return {
    ...application,
    costs: sumOf(parts.flatMap(({ costs }) => costs ?? [])),
    prepare: (hosting, log) => joined(parts.map((part) => part.prepare?.(hosting, log) ?? NOTHING_PREPARED)),
    drained: () => {
      for (const part of parts) part.drained?.()
    },
    dispose: () => {
      for (const part of parts) part.dispose?.()
    },
  }
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

const sumOf = (costs: readonly Costs[]): Costs => ({
  services: sum(costs.map(({ services }) => services)),
  descriptors: Math.max(0, ...costs.map(({ descriptors }) => descriptors)),
})

function joined(all: readonly Prepared[]): Prepared {
  const families = all.flatMap(({ family }) => family ?? [])
  const family: Family = {
    born(child) {
      for (const each of families) each.born(child)
    },
    died(pid) {
      for (const each of families) each.died(pid)
    },
  }
  return {
    services: all.flatMap(({ services }) => services),
    closeInConnections: all.flatMap(({ closeInConnections }) => closeInConnections),
    family,
  }
}
