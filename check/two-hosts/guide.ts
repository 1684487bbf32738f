/** The files of docs/scaling.md, for machines that are processes here. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../bench/lib/paths.js'
import { shownFile } from '../../test/docs/shown-file.js'

/** How a machine is told apart from the next one of its kind, with the folder that is its /var/lib. */
export interface Machine {
  readonly name: string
  readonly folder: string
}

function fileFor({ folder }: Machine, name: string): string {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  writeFileSync(path, shownFile(name).replaceAll('/var/lib', folder))
  return path
}

export const haproxy = (machine: Machine): string[] => ['haproxy', '-db', '-f', fileFor(machine, 'haproxy.cfg')]

export const nats = (machine: Machine): string[] => [
  ...['nats-server', '-c', fileFor(machine, 'nats-server.conf')],
  ...['-n', machine.name],
]

/** The unit's command, on this Node, with the unit's environment. */
export function tined({ folder }: Machine): string[] {
  const unit = shownFile('tined.service').replaceAll('/var/lib', folder)
  const [, start = ''] = /^ExecStart=\S+ (.*)$/m.exec(unit) ?? []
  const variables = [...unit.matchAll(/^Environment=(.*)$/gm)].map(([, assignment]) => assignment as string)
  const [, state = ''] = /^StateDirectory=(.*)$/m.exec(unit) ?? []
  mkdirSync(join(folder, state), { recursive: true })
  return ['env', ...variables, process.execPath, join(root, 'bin/tined'), ...start.split(' ')]
}
