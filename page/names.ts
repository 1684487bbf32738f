/** What a process is called, and what it is doing, in the language of the page. */
import type { ProcessShot } from '../src/page/shapes.ts'
import type { Texts } from './texts/texts.ts'

export function nameOf({ role, id, name }: Pick<ProcessShot, 'role' | 'id' | 'name'>, texts: Texts): string {
  if (role === 'program' || role === 'process') return name
  const known = texts.roles[role]?.name ?? role
  if (role === 'orphan') return `${known} ${name}`
  return id === undefined || id === 0 ? known : `${known} #${id}`
}

export const stateOf = ({ state }: ProcessShot, texts: Texts): string => texts.states[state]?.name ?? state
