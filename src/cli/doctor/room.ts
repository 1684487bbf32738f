/** Whether this machine has room for what a server is asked to hold. */
import { readFileSync } from 'node:fs'
import { groupFolders, groupNumber } from '../../fork/cgroups.js'
import { lowestCeiling } from '../../server/capacity.js'
import type { ServerOptions } from '../../server/options.js'

/** Something that holds fewer than was asked for, or not. */
export interface RoomCheck {
  name: string
  /** What is there and what it means; undefined where there is room. */
  short?: string
  remedy?: string
}

/** Of an idle connection in model fork with README's async handler: PSS and page tables (bench/results/memory.md), rounded up. */
const CONNECTION_BYTES = 850_000
/** Launcher and supervisor. */
const SERVER_BYTES = 60_000_000

const MB = 1_000_000
const whole = (bytes: number): string => `${Math.round(bytes / MB)} MB`

/** A typical handler: what a program's own takes, only that program knows. */
const application = { handler: async () => {} }

function connectionsCheck(options: ServerOptions): RoomCheck {
  const { maxConnections, model } = options
  const name = `${maxConnections} connections at once, model ${model}`
  const lowest = lowestCeiling(options, application)
  if (lowest === undefined || lowest.most >= maxConnections) return { name }
  return {
    name,
    short: `room for ${Math.max(0, lowest.most)}: ${lowest.words}`,
    remedy: `raise ${lowest.remedy}, or ask for fewer`,
  }
}

const number = (path: string, pattern = /(\d+)/): number | undefined => {
  try {
    const [, digits] = pattern.exec(readFileSync(path, 'latin1')) ?? []
    return digits === undefined ? undefined : Number(digits)
  } catch {
    return undefined // an old kernel, or a container that does not show it
  }
}

/** The kernel shortens the queue without a word. listen(2) */
function backlogCheck({ backlog }: ServerOptions): RoomCheck {
  const name = `${backlog} clients waiting to be accepted`
  const most = number('/proc/sys/net/core/somaxconn')
  if (most === undefined || most >= backlog) return { name }
  return {
    name,
    short: `room for ${most}: net.core.somaxconn`,
    remedy: `sysctl net.core.somaxconn=${backlog}, or --backlog ${most}`,
  }
}

/** Memory that is left, by the machine or by the narrowest control group. */
function memoryLeft(): { bytes: number; by: string } | undefined {
  const kilobytes = number('/proc/meminfo', /^MemAvailable:\s+(\d+)/m)
  const left = kilobytes === undefined ? [] : [{ bytes: kilobytes * 1024, by: 'available on this machine' }]
  for (const folder of groupFolders('memory')) {
    const most = groupNumber(folder, 'memory.max') ?? groupNumber(folder, 'memory.limit_in_bytes')
    const used = groupNumber(folder, 'memory.current') ?? groupNumber(folder, 'memory.usage_in_bytes')
    if (most !== undefined && used !== undefined && Number.isFinite(most))
      left.push({ bytes: most - used, by: `left of ${folder}` })
  }
  return left.sort((a, b) => a.bytes - b.bytes)[0]
}

function memoryCheck({ maxConnections, model }: ServerOptions): RoomCheck {
  const name = `memory for ${maxConnections} idle connections`
  if (model !== 'fork') return { name: `${name}: they share processes in model ${model}` }
  const needed = SERVER_BYTES + maxConnections * CONNECTION_BYTES
  const left = memoryLeft()
  if (left === undefined || left.bytes >= needed) return { name }
  return {
    name,
    short: `about ${whole(needed)} with a small handler; ${whole(left.bytes)} ${left.by}`,
    remedy: 'give it more, or ask for fewer with --max-connections',
  }
}

/** In mode 2 each forked process counts with all it could write to. proc_sys_vm(5), overcommit_memory */
function overcommitCheck({ model, maxConnections }: ServerOptions): RoomCheck {
  const name = 'memory may be promised to forked processes before they use it'
  if (number('/proc/sys/vm/overcommit_memory') !== 2 || model === 'single') return { name }
  const limit = number('/proc/meminfo', /^CommitLimit:\s+(\d+)/m) ?? 0
  const promised = number('/proc/meminfo', /^Committed_AS:\s+(\d+)/m) ?? 0
  const each = number('/proc/self/status', /^VmData:\s+(\d+)/m) ?? 0
  const most = each === 0 ? 0 : Math.floor((limit - promised) / each)
  if (most >= maxConnections) return { name }
  return {
    name,
    short: `vm.overcommit_memory is 2: each process counts with ${whole(each * 1024)} that it could write to, so some ${Math.max(0, most)} can be forked`,
    remedy: 'sysctl vm.overcommit_memory=0, or a higher vm.overcommit_ratio',
  }
}

export const examineRoom = (options: ServerOptions): RoomCheck[] => [
  connectionsCheck(options),
  backlogCheck(options),
  memoryCheck(options),
  overcommitCheck(options),
]
