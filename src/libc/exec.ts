/** execve(2), as it is. */
import { addressOf, c, type Memory } from './ffi.js'
import { check } from './posix-error.js'

const execveRaw: (path: string, argv: Memory, envp: Memory) => number = c(
  'int execve(const char *path, void *argv, void *envp)',
)

/** A NULL-terminated array of C strings; `keep` holds the memory it points to. */
function strings(values: readonly string[]): { array: Buffer; keep: Buffer[] } {
  const keep = values.map((value) => Buffer.from(`${value}\0`))
  const array = Buffer.alloc((values.length + 1) * 8)
  keep.forEach((bytes, index) => {
    array.writeBigUInt64LE(addressOf(bytes), index * 8)
  })
  return { array, keep }
}

/**
 * Replaces the program of this process. Returns only by throwing. execve(2)
 *
 * @param env variables that are undefined are left out
 * @throws {PosixError} ENOENT, EACCES, E2BIG, …
 */
export function execve(
  path: string,
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): never {
  const args = strings(argv)
  const variables = strings(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`])),
  )
  check(execveRaw(path, args.array, variables.array), 'execve', { path })
  throw new Error(`unreachable: execve returned, ${args.keep.length + variables.keep.length} strings`)
}
