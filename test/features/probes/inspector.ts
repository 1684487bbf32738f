import assert from 'node:assert/strict'
import inspector, { Session } from 'node:inspector'
import { Session as AsyncSession } from 'node:inspector/promises'
import { text } from 'node:stream/consumers'
import { getHeapSnapshot } from 'node:v8'
import type { Probe } from '../probe.js'

export const probes: Probe[] = [
  {
    name: 'a Session evaluates an expression',
    run() {
      const session = new Session()
      session.connect()
      let value: unknown
      session.post('Runtime.evaluate', { expression: '6 * 7' }, (_error, { result }) => {
        value = result.value
      })
      session.disconnect()
      assert.equal(value, 42)
    },
  },
  {
    name: 'the CPU profiler samples a busy function',
    async run() {
      const session = new AsyncSession()
      session.connect()
      await session.post('Profiler.enable')
      await session.post('Profiler.start')
      const until = performance.now() + 100
      const busyFunction = (): number => Array.from({ length: 1000 }, (_, index) => Math.sqrt(index)).length
      while (performance.now() < until) assert.equal(busyFunction(), 1000)
      const { profile } = await session.post('Profiler.stop')
      session.disconnect()
      assert.ok((profile.samples?.length ?? 0) > 5)
      assert.ok(profile.nodes.some(({ callFrame }) => callFrame.functionName === 'busyFunction'))
    },
  },
  {
    name: 'coverage is taken precisely',
    async run() {
      const session = new AsyncSession()
      session.connect()
      await session.post('Profiler.enable')
      await session.post('Profiler.startPreciseCoverage', { callCount: true })
      const counted = new Function('return 1') as () => number
      for (let call = 0; call < 3; call++) counted()
      const { result } = await session.post('Profiler.takePreciseCoverage')
      session.disconnect()
      assert.ok(result.some(({ functions }) => functions.some(({ ranges }) => ranges[0]?.count === 3)))
    },
  },
  {
    name: 'the inspector opens in the child, answers over HTTP and closes',
    async run() {
      inspector.open(0, '127.0.0.1')
      const url = new URL(inspector.url() ?? '')
      const [target] = (await (await fetch(`http://${url.host}/json/list`)).json()) as {
        webSocketDebuggerUrl: string
      }[]
      assert.equal(target?.webSocketDebuggerUrl, url.href)
      inspector.close()
      assert.equal(inspector.url(), undefined)
    },
  },
  {
    name: 'a heap snapshot is written',
    async run() {
      const { snapshot } = JSON.parse(await text(getHeapSnapshot())) as { snapshot: { node_count: number } }
      assert.ok(snapshot.node_count > 10_000)
    },
  },
]
