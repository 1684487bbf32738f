/** Control groups of version 1 or 2 for servers under test. cgroups(7) */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { until } from './until.js'

/** Files of a controller, in either version. */
const FILES = {
  memory: { v1: 'memory.limit_in_bytes', v2: 'memory.max' },
  pids: { v1: 'pids.max', v2: 'pids.max' },
} as const

export type Controller = keyof typeof FILES

const ROOT = '/sys/fs/cgroup'

/** Where a group can be made; undefined when it cannot. */
function parentOf(controller: Controller): string | undefined {
  const v1 = join(ROOT, controller)
  if (existsSync(join(v1, 'cgroup.procs'))) return v1
  const controllers = join(ROOT, 'cgroup.subtree_control')
  if (!existsSync(controllers)) return undefined
  try {
    writeFileSync(controllers, `+${controller}`)
    return ROOT
  } catch {
    return undefined
  }
}

export class ControlGroup {
  readonly #folder: string

  constructor(controller: Controller, limit: number) {
    const parent = parentOf(controller)
    if (parent === undefined) throw new Error(`no ${controller} controller`)
    this.#folder = join(parent, `tined-test-${process.pid}-${controller}`)
    mkdirSync(this.#folder)
    try {
      const { v1, v2 } = FILES[controller]
      writeFileSync(join(this.#folder, existsSync(join(this.#folder, v2)) ? v2 : v1), `${limit}`)
      // swapping would only delay it
      const swap = join(this.#folder, 'memory.swap.max')
      if (existsSync(swap)) writeFileSync(swap, '0')
    } catch (error) {
      rmdirSync(this.#folder)
      throw error
    }
  }

  /** To be put before a command. */
  get under(): string[] {
    return ['sh', '-c', `echo $$ > ${join(this.#folder, 'cgroup.procs')} && exec "$@"`, 'sh']
  }

  async remove(): Promise<void> {
    await until('an empty group', () => readFileSync(join(this.#folder, 'cgroup.procs'), 'utf8') === '')
    rmdirSync(this.#folder)
  }
}

/** Why there can be no such group here; false when there can. */
export function noGroup(controller: Controller): string | false {
  try {
    const group = new ControlGroup(controller, controller === 'pids' ? 1000 : 64 * 1024 * 1024)
    void group.remove()
    return false
  } catch (error) {
    return `no control group for ${controller} can be made: ${(error as Error).message}`
  }
}
