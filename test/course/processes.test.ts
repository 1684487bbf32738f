/** The programs about processes and signals: the C version and the TypeScript behave the same. */
import { until } from '../harness/until.js'
import { compare } from './compare.js'
import { PATIENCE_MS } from './run.js'

compare('processes and signals', [
  {
    program: 'zombie',
    timed: true,
    args: ['2'],
    unordered: true,
    observe: async (run) => {
      await run.printed('child: I end now')
      return { zombies: await run.zombies(1) }
    },
    expected: {
      output: [
        '(blocked) parent: I end too',
        'child: I end now',
        'parent: my child is PID, and I sleep 2 s without asking for it',
      ],
      zombies: 1,
      end: 'status 0',
    },
  },
  {
    program: 'wait',
    timed: true,
    args: ['1'],
    observe: async (run) => {
      await run.printed('no zombie')
      return { zombies: await run.zombies(0) }
    },
    expected: {
      output: [
        'parent: child PID sent 3',
        '(blocked) parent: child PID sent 7',
        'parent: no zombie is left, see for yourself',
      ],
      zombies: 0,
      end: 'status 0',
    },
  },
  {
    program: 'waitpid',
    timed: true,
    expected: {
      output: [
        'parent: not yet, I work for 2 s',
        '(blocked) parent: not yet, I work for 2 s',
        '(blocked) parent: the child sent 24',
      ],
      end: 'status 0',
    },
  },
  {
    program: 'signal',
    args: ['3'],
    timed: true,
    observe: async (run) => {
      await run.printed('wait 1')
      await run.asleep() // a signal that comes before the call is handled, and does not end it
      process.kill(run.pid, 'SIGINT')
      await run.printed('wait 2')
      return {}
    },
    expected: {
      output: ['wait 1…', 'Ctrl-C pressed', 'wait 2…', '(blocked) time-out!', 'wait 3…', '(blocked) time-out!'],
      end: 'status 0',
    },
  },
  {
    program: 'sigaction',
    timed: true,
    expected: {
      output: ['wait 1…', '(blocked) time-out!', 'wait 2…', '(blocked) time-out!', 'wait 3…', '(blocked) time-out!'],
      end: 'status 0',
    },
  },
  {
    program: 'remove_zombie',
    observe: async (run) => {
      const since = performance.now()
      await until('both removed', () => run.stdout.includes('24'), PATIENCE_MS)
      const zombies = await run.zombies(0)
      await until('its end', () => run.ended, PATIENCE_MS)
      // 1 s and 1 s until children end, and the last 2 s: at the least, however busy the machine is
      return { zombies, slept: performance.now() - since > 3900 }
    },
    expected: {
      output: [
        'parent: wait 1…',
        'parent: removed child PID, which sent 12',
        'parent: wait 2…',
        'parent: removed child PID, which sent 24',
        'parent: wait 3…',
      ],
      zombies: 0,
      slept: true,
      end: 'status 0',
    },
  },
])
