/** The rules of architecture: what may import what in src/. `npm run lint` checks them, test/rules plants violations of each. */
import { entryPoints, isBelow, rooms, SURFACE, underSurface } from './scripts/rules/rooms.mjs'

const anyOf = (names) => `(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})`
const inRooms = (names) => `^src/${anyOf(names)}/`

/** Packages of sinks that not everybody has: optional peers in package.json. */
const OPTIONAL = '(^|node_modules/)@nats-io/'

const downwards = rooms.map((room) => ({
  name: `${room}-imports-downwards`,
  comment: `A room that knows nothing above it can be read, tested and moved without the rest. The order: ${rooms.join(', ')}.`,
  severity: 'error',
  from: { path: inRooms([room]) },
  to: { path: '^src/', pathNot: inRooms([room, ...rooms.filter((other) => isBelow(other, room))]) },
}))

const forbidden = [
  ...downwards,
  {
    name: 'surface-on-top',
    comment: `src/${SURFACE} only says what programs may import. What it needs lies in ${underSurface.join(', ')}.`,
    severity: 'error',
    from: { path: `^src/${anyOf([SURFACE])}$` },
    to: { path: '^src/', pathNot: inRooms(underSurface) },
  },
  {
    name: 'every-file-has-a-room',
    comment:
      'A folder that scripts/rules/rooms.mjs does not know has no place in the order, so no rule would hold there.',
    severity: 'error',
    from: {},
    to: { path: '^src/', pathNot: [inRooms(rooms), `^src/${anyOf([SURFACE])}$`] },
  },
  {
    name: 'posix-for-cli-only',
    comment: 'tined/posix checks arguments for programs. The server has the plain calls in src/libc.',
    severity: 'error',
    from: { path: '^src/', pathNot: inRooms(['posix', 'cli']) },
    to: { path: inRooms(['posix']) },
  },
  {
    name: 'speed-at-birth-only',
    comment: 'What only makes it faster can be left out, as long as it is joined to the rest in one place.',
    severity: 'error',
    from: { path: '^src/', pathNot: ['^src/speed/', '^src/supervisor/birth/'] },
    to: { path: '^src/speed/' },
  },
  {
    name: 'observe-reads-only',
    comment: 'It looks at servers from outside: how their memory is laid out is all that it shares with them.',
    severity: 'error',
    from: { path: inRooms(['observe']) },
    to: { path: '^src/', pathNot: [inRooms(['observe', 'libc']), '^src/(reactor/slot|supervisor/board-layout)\\.ts$'] },
  },
  {
    name: 'no-circles',
    comment: 'Two files that need each other, be it for a type, are one file or lack a third.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'koffi-in-libc-only',
    comment: 'One door to C: what a wrong signature breaks is found there, and the package can be replaced there.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/libc/' },
    to: { path: '(^|node_modules/)koffi(/|$)' },
  },
  {
    name: 'no-other-require',
    comment:
      'What createRequire loads is hidden from every rule here. The files of engine/ need other things of node:module; loaders.ts only resolves. SQLite is optional.',
    severity: 'error',
    from: {
      path: '^src/',
      pathNot:
        '^src/(libc/(koffi|node-util)|engine/(internals|replace-method)|fork/loaders|store/sqlite/engine|store/nats/client-package|supervisor/pino)\\.ts$',
    },
    to: { path: '^(node:)?module$', dependencyTypes: ['core'] },
  },
  {
    name: 'src-stands-alone',
    comment: 'The package holds src/ compiled, and neither tests, benches, scripts nor examples.',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypes: ['local'], pathNot: '^src/' },
  },
  {
    name: 'packages-are-declared',
    comment: 'What is not in "dependencies", or is found nowhere, is missing where Tined is installed.',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypesNot: ['core', 'local', 'npm'], pathNot: OPTIONAL },
  },
  {
    name: 'optional-packages-where-they-are-used',
    comment: 'What may be missing is loaded where that is said in words, and only when it is wanted.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/store/nats/(connect|stream)\\.ts$' },
    to: { path: OPTIONAL },
  },
  {
    name: 'no-orphans',
    comment: 'A file that no entry point reaches is dead, or is for tests and belongs to them.',
    severity: 'error',
    from: { path: `^src/${anyOf(entryPoints)}$` },
    to: { path: '^src/', pathNot: `^src/${anyOf(entryPoints)}$`, reachable: false },
  },
]

export default {
  forbidden,
  options: {
    // not the compiler: version 7 has no interface for it. swc sees type imports as well
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js'],
    },
  },
}
