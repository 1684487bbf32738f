// Servers run in process groups of their own, so Ctrl-C does not reach them: whatever ends the bench, these actions run.
const actions = new Set<() => void>()

process.on('exit', () => {
  for (const action of actions) action()
})

for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  process.on(signal, () => process.exit(128 + number))
}

/** Runs the action, which must be synchronous, when this process ends. Returns a function that takes it back. */
export function atExit(action: () => void): () => void {
  actions.add(action)
  return () => actions.delete(action)
}
