/** All listening sockets of a server: one for each address, two for localhost. */
import { isAnyIPv6, type SocketAddress } from '../libc/address.js'
import { EADDRINUSE } from '../libc/constants.js'
import { EADDRNOTAVAIL, EAFNOSUPPORT } from '../libc/io-constants.js'
import { PosixError } from '../libc/posix-error.js'
import type { Listening } from '../supervisor/plan.js'
import { closeListeners, type ListenOptions, openListener } from './listen.js'
import type { ServerOptions } from './options.js'
import { whoHas } from './port-holder.js'
import { noteSocketFile, removeSocketFile, type SocketFile } from './socket-file.js'

/** How often a port that the kernel chose for IPv4 may be taken for IPv6. */
const MOST_CHOICES = 20

const errnoOf = (error: unknown): number => (error instanceof PosixError ? -error.errno : 0)

/** Both with the same port; ::1 is left out where the machine has no IPv6. */
function openLocalhost(port: number, settings: ListenOptions): Listening[] {
  for (let choice = 1; ; choice++) {
    const first = openListener({ family: 'IPv4', address: '127.0.0.1', port }, settings)
    const { port: chosen } = first.address as { port: number }
    try {
      return [first, openListener({ family: 'IPv6', address: '::1', port: chosen }, settings)]
    } catch (error) {
      const errno = errnoOf(error)
      if (errno === EAFNOSUPPORT || errno === EADDRNOTAVAIL) return [first]
      closeListeners([first])
      if (errno !== EADDRINUSE || port !== 0 || choice === MOST_CHOICES) throw error
    }
  }
}

function openAddress(address: SocketAddress, settings: ListenOptions, all: ServerOptions['listen']): Listening {
  const takesIPv4 =
    isAnyIPv6(address) &&
    !all.some((other) => other.family === 'IPv4' && other.port === (address as { port: number }).port)
  return openListener(address, { ...settings, takesIPv4 })
}

const ONE_COPY = 'of all that node:cluster (or PM2 in cluster mode) starts, one can have a unix socket: start one'

/** Says who has the address, and what to do. */
function explain(
  error: unknown,
  address: ServerOptions['listen'][number],
  option: string,
  besideCopies: boolean,
): unknown {
  if (errnoOf(error) !== EADDRINUSE) return error
  const { address: text = '' } = error as PosixError
  const place: SocketAddress =
    address.family !== 'localhost'
      ? address
      : text.startsWith('[')
        ? { family: 'IPv6', address: '::1', port: address.port }
        : { family: 'IPv4', address: '127.0.0.1', port: address.port }
  const who = whoHas(place)
  const other = place.family === 'unix' ? 'another path' : 'another port, or 0 for any that is free'
  const general = `${who === undefined ? '' : `${who}; stop it, or `}give ${option} ${other}`
  const remedy = besideCopies && place.family === 'unix' ? ONE_COPY : general
  return new PosixError(EADDRINUSE, 'bind', { address: text }, remedy)
}

export interface Opened {
  listening: readonly Listening[]
  /** Of unix listeners, to be removed when the server has ended. */
  files: readonly SocketFile[]
}

const filesOf = (listening: readonly Listening[]): SocketFile[] =>
  listening.flatMap(({ address }) => noteSocketFile(address) ?? [])

/**
 * Opens them all, or none.
 *
 * @param option what errors call the option that has the addresses
 * @param besideCopies whether this process is one of several with the same program, which share ports
 * @throws {PosixError} EADDRINUSE, with who has the address as far as the kernel tells; EACCES, EADDRNOTAVAIL, …
 */
export function openListeners(options: ServerOptions, option: string, besideCopies: boolean): Opened {
  const { listen, reusePort, workers, socketMode: mode, socketOwner: owner } = options
  const settings: ListenOptions = {
    ...options,
    sockets: reusePort ? workers : 1,
    besideCopies,
    permissions: { mode, owner },
  }
  const listening: Listening[] = []
  for (const address of listen)
    try {
      if (address.family === 'localhost') listening.push(...openLocalhost(address.port, settings))
      else listening.push(openAddress(address, settings, listen))
    } catch (error) {
      closeListeners(listening)
      filesOf(listening).forEach(removeSocketFile)
      throw explain(error, address, option, besideCopies)
    }
  return { listening, files: filesOf(listening) }
}
