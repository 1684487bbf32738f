/** A model that forks: its server is a supervisor and what that forks. */
import { launchWhenQuiet } from '../../supervisor/launcher/launch-when-quiet.js'
import type { Supervised } from '../../supervisor/supervised.js'
import { closeListeners } from '../listen.js'
import type { ModelSetup, RunningModel } from './model.js'

export async function launchSupervised(supervised: Supervised, { signals }: ModelSetup): Promise<RunningModel> {
  const { listening } = supervised
  const launched = await launchWhenQuiet(supervised, signals).finally(() => closeListeners(listening))
  launched.onConnectionEnd = supervised.onConnectionEnd
  try {
    await launched.ready
  } catch (error) {
    await launched.exited
    throw error
  }
  return {
    pid: launched.pid,
    exited: launched.exited,
    stats: () => launched.questions.stats(),
    connections: () => launched.questions.connections(),
    end: (id) => launched.questions.end(id),
    drain: () => launched.drain(),
    stop: () => launched.stop(),
  }
}
