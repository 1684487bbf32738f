/** Whom a program has forked stays in its tree when the parent in between has ended. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { test } from 'node:test'
import { FollowedTree } from '../../src/observe/followed-tree.js'
import { look } from '../../src/observe/look.js'
import { statOf } from '../harness/proc.js'
import { until } from '../harness/until.js'

test('a process that another has adopted is still of the tree, until it has ended', async () => {
  const root = spawn('sh', ['-c', "sh -c 'sleep 300 & echo $!; read line'; exec sleep 300"])
  const pid = root.pid as number
  let printed = ''
  root.stdout.on('data', (text: Buffer) => {
    printed += text.toString()
  })
  const orphan = await until('its pid', () => Number(/^(\d+)\n/.exec(printed)?.[1] ?? 0) || undefined)
  try {
    const tree = new FollowedTree(() => look(pid, []))
    const pids = (): number[] => tree.look().flatMap((view) => view.processes.map((each) => each.pid))
    const middle = statOf(orphan)?.ppid as number
    assert.deepEqual(pids().sort(), [pid, middle, orphan].sort())
    root.stdin.write('\n')
    await until('it is adopted', () => statOf(orphan)?.ppid !== middle)
    await until('the one in between is gone', () => !pids().includes(middle))
    assert.deepEqual(pids(), [pid, orphan])
    assert.deepEqual(
      look(pid, []).flatMap((view) => view.processes.map((each) => each.pid)),
      [pid],
    )
    process.kill(orphan)
    await until('it is gone', () => !pids().includes(orphan))
  } finally {
    root.kill('SIGKILL')
    if (statOf(orphan) !== undefined) process.kill(orphan)
  }
})
