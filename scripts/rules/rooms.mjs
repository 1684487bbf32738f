/** The rooms of src/: what a room holds, and which it may import. The rules and the picture of the layers are both made from this. */

/** From the lowest layer to the highest. A room imports from layers below its own, never from its own or from above. */
export const layers = [
  ['libc'],
  ['engine'],
  ['reactor'],
  ['fork'],
  ['posix', 'speed'],
  ['supervisor'],
  ['server', 'observe'],
  ['store'],
  ['services', 'client', 'page'],
  ['cli', 'testing'],
]

export const rooms = layers.flat()

/** What a program may import; it lies on top of these. */
export const SURFACE = 'index.ts'
export const underSurface = ['libc', 'fork', 'supervisor', 'server', 'client']

/** Files that nobody in src/ imports, because users do, or a process executes them. */
export const entryPoints = [
  'index.ts',
  'posix/index.ts',
  'posix/trace/index.ts',
  'services/index.ts',
  'cli/main.ts',
  'testing/start-program.ts',
  'store/nats/forwarder.ts',
]

const layerOf = (room) => layers.findIndex((layer) => layer.includes(room))

export const isBelow = (lower, room) => layerOf(lower) < layerOf(room)

/** @param {string} file as `src/fork/fork.ts` @returns {string | undefined} the room, or the surface; undefined where it is neither */
export function roomOf(file) {
  const [, first, more] = file.match(/^src\/([^/]+)(\/)?/) ?? []
  return (more && rooms.includes(first)) || (!more && first === SURFACE) ? first : undefined
}
