/** The probe files by topic. Loaded on demand: a cold probe's parent must not have touched what the child will use. */
import type { Probe } from './probe.js'

const load = {
  async: () => import('./probes/async.js'),
  children: () => import('./probes/children.js'),
  compression: () => import('./probes/compression.js'),
  crypto: () => import('./probes/crypto.js'),
  data: () => import('./probes/data.js'),
  dns: () => import('./probes/dns.js'),
  endings: () => import('./probes/endings.js'),
  engine: () => import('./probes/engine.js'),
  errors: () => import('./probes/errors.js'),
  files: () => import('./probes/files.js'),
  forking: () => import('./probes/forking.js'),
  http: () => import('./probes/http.js'),
  inspector: () => import('./probes/inspector.js'),
  modules: () => import('./probes/modules.js'),
  net: () => import('./probes/net.js'),
  signals: () => import('./probes/signals.js'),
  streams: () => import('./probes/streams.js'),
  timers: () => import('./probes/timers.js'),
  tls: () => import('./probes/tls.js'),
  watchers: () => import('./probes/watchers.js'),
  wasm: () => import('./probes/wasm.js'),
  web: () => import('./probes/web.js'),
  workers: () => import('./probes/workers.js'),
} satisfies Record<string, () => Promise<{ probes: Probe[] }>>

export type Topic = keyof typeof load

export const topics = Object.keys(load) as Topic[]

export const probesOf = async (topic: Topic): Promise<Probe[]> => (await load[topic]()).probes

/** Finds a probe by its full name, `topic: sentence`. @throws {Error} when there is none */
export async function findProbe(fullName: string): Promise<Probe> {
  const topic = topics.find((candidate) => fullName.startsWith(`${candidate}: `))
  const probes = topic === undefined ? [] : await probesOf(topic)
  const found = probes.find((probe) => `${topic}: ${probe.name}` === fullName)
  if (found === undefined) throw new Error(`no probe is named '${fullName}'`)
  return found
}
