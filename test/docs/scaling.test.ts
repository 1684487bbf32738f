/** The files of docs/scaling.md, as those who read them take them. `npm run check:two-hosts` runs them. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { withFolder } from '../harness/folder.js'
import { noHaproxy } from '../harness/haproxy.js'
import { noNats, PATH } from '../harness/nats.js'
import { shownFile } from './shown-file.js'

const readers: [name: string, skip: string | false, command: string[], spoilt: [string, string]][] = [
  ['haproxy.cfg', noHaproxy, ['haproxy', '-c', '-f'], ['balance', 'balances']],
  ['nats-server.conf', noNats, ['nats-server', '-t', '-c'], ['store_dir', 'store_dirs']],
]

for (const [name, skip, [command = '', ...args], [word, other]] of readers)
  test(`${name} is read by ${command}`, { skip }, () => {
    return withFolder((folder) => {
      const accepts = (text: string): boolean => {
        const file = join(folder, name)
        writeFileSync(file, text)
        return spawnSync(command, [...args, file], { env: { PATH } }).status === 0
      }
      assert.ok(accepts(shownFile(name)))
      assert.ok(!accepts(shownFile(name).replace(word, other)), 'and it would say what it does not know')
    })
  })
