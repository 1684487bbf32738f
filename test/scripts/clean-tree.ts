/** A tree with every room and nothing wrong: what the tests of the rules plant violations in. */
import type { Files } from './checkout.js'

const packageIn = (name: string): Files => ({
  [`node_modules/${name}/package.json`]: `{ "name": "${name}", "version": "1.0.0", "main": "index.js" }`,
  [`node_modules/${name}/index.js`]: 'module.exports = {}',
})

export const cleanTree: Files = {
  ...packageIn('koffi'),
  ...packageIn('commander'),
  ...packageIn('only-for-development'),
  ...packageIn('not-declared'),
  'package.json': JSON.stringify({
    type: 'module',
    dependencies: { koffi: '1', commander: '1' },
    devDependencies: { 'only-for-development': '1' },
  }),
  'src/libc/koffi.ts': "import koffi from 'koffi'\nexport const load = koffi.load",
  'src/engine/loop.ts': "import { load } from '../libc/koffi.js'\nexport const loop = load()",
  'src/reactor/reactor.ts': "export { wait } from './pollers/epoll.js'",
  'src/reactor/pollers/epoll.ts': "import { load } from '../../libc/koffi.js'\nexport const wait = load()",
  'src/fork/fork.ts': "import { wait } from '../reactor/reactor.js'\nexport const fork = () => wait",
  'src/posix/index.ts': "export { fork } from '../fork/fork.js'",
  'src/posix/trace/index.ts': "import { fork } from '../index.js'\nexport const traced = fork",
  'src/speed/freeze.ts': "import { loop } from '../engine/loop.js'\nexport const freeze = () => loop",
  'src/supervisor/birth/supervise.ts':
    "import { freeze } from '../../speed/freeze.js'\nexport const birth = () => freeze",
  'src/supervisor/channel.ts': 'export type Stats = number',
  'src/server/serve.ts': "import { birth } from '../supervisor/birth/supervise.js'\nexport const serve = () => birth",
  'src/observe/look.ts': "import { load } from '../libc/koffi.js'\nexport const look = load",
  'src/store/wire.ts': "import type { Stats } from '../supervisor/channel.js'\nexport const stats: Stats = 1",
  'src/services/store.ts': "import { stats } from '../store/wire.js'\nexport const store = stats",
  'src/client/connect.ts': 'export const connect = () => 1',
  'src/cli/main.ts':
    "import { command } from 'commander'\nimport { look } from '../observe/look.js'\nimport { store } from '../services/store.js'\nconst { fork } = await import('../posix/index.js')\ncommand(store, fork, look)",
  'src/index.ts': "export { serve } from './server/serve.js'\nexport { connect } from './client/connect.js'",
  'test/libc/koffi.test.ts': "import { load } from '../../src/libc/koffi.js'\nload()",
  'test/e2e/anything.test.ts': "import { fork } from '../../src/posix/index.js'\nfork()",
}
