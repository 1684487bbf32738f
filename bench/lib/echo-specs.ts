import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { executable, onPath, peersFolder, root } from './paths.js'
import { type ServerSpec, usual } from './server-spec.js'

function tined(name: string, style: string, poller: string, folder = root): ServerSpec {
  const program = join(folder, 'dist/bench/servers/echo.js')
  return {
    ...usual,
    name,
    role: 'tined',
    command: process.execPath,
    args: ({ portFile }) => [program, portFile, style, poller],
    ready: 'port-file',
    missing: () => (existsSync(program) ? undefined : `Tined is not built in ${folder} (npm run build)`),
  }
}

/** The epoll servers of another checkout, to be put beside ours. */
export const ofCheckout = (folder: string): ServerSpec[] =>
  (['callbacks', 'async'] as const).map((style) => tined(`${folder}, ${style}`, style, 'epoll', folder))

export const tinedEpoll = tined('Tined epoll, callbacks', 'callbacks', 'epoll')
export const tinedAsync = tined('Tined epoll, async', 'async', 'epoll')
export const tinedPoll = tined('Tined poll, callbacks', 'callbacks', 'poll')
export const tinedSelect = tined('Tined select, callbacks', 'callbacks', 'select')

export const nodeNet: ServerSpec = {
  ...usual,
  name: 'Node net',
  command: process.execPath,
  args: ({ port }) => [join(peersFolder, 'net-echo.mjs'), String(port)],
  missing: () => undefined,
}

export function epollEcho(compiled: string): ServerSpec {
  return {
    ...usual,
    name: 'C, epoll',
    role: 'floor',
    command: compiled,
    args: ({ port }) => [String(port)],
    missing: () => undefined,
  }
}

export const bunEcho: ServerSpec = {
  ...usual,
  name: 'Bun listen',
  command: 'bun',
  args: ({ port }) => [join(peersFolder, 'bun-echo.mjs'), String(port)],
  missing: () => (onPath('bun') ? undefined : 'bun is not installed (npm install -g bun)'),
}

/** @param compiled undefined where Go is not installed */
export const goEcho = (compiled: string | undefined): ServerSpec => ({
  ...usual,
  name: 'Go net',
  command: compiled ?? 'go',
  args: ({ port }) => [String(port)],
  missing: () => (compiled === undefined ? 'go is not installed (apt-get install golang-go)' : undefined),
})

// The distribution's build is optimised; a python3 that comes first in PATH may well not be.
const python = executable('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

export const pythonAsyncio: ServerSpec = {
  ...usual,
  name: 'Python asyncio',
  command: python,
  args: ({ port }) => [join(peersFolder, 'asyncio_echo.py'), String(port)],
  missing: () =>
    executable(python) || onPath('python3') ? undefined : 'python3 is not installed (apt-get install python3)',
}
