import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { executable, onPath, peersFolder } from './paths.js'
import { type ServerSpec, usual } from './server-spec.js'

function needs(command: string, install: string): () => string | undefined {
  return () => (onPath(command) ? undefined : `${command} is not installed (${install})`)
}

function needsNetServer(): string | undefined {
  const found = spawnSync('perl', ['-MNet::Server::Fork', '-e', '1'], { stdio: 'ignore' }).status === 0
  return found ? undefined : 'Perl with Net::Server is not installed (apt-get install libnet-server-perl)'
}

export function forkEcho(program: string): ServerSpec {
  return {
    ...usual,
    name: 'C, accept and fork',
    role: 'floor',
    command: program,
    args: ({ port }) => [String(port)],
    missing: () => undefined,
  }
}

/** As many workers as there are clients at most, and some more, as Tined has. */
export function preforkEcho(program: string): ServerSpec {
  return {
    ...forkEcho(program),
    name: 'C, forked ahead',
    role: 'ahead',
    args: ({ port }) => [String(port), '25'],
  }
}

export const tcpserver: ServerSpec = {
  ...usual,
  name: 'tcpserver cat',
  command: 'tcpserver',
  args: ({ port }) => ['-H', '-R', '-l0', '-c', '1000', '-b', '511', '127.0.0.1', String(port), 'cat'],
  missing: needs('tcpserver', 'apt-get install ucspi-tcp'),
}

function socat(address: string): ServerSpec {
  return {
    ...usual,
    name: `socat ${address}`,
    command: 'socat',
    args: ({ port }) => [`TCP-LISTEN:${port},fork,reuseaddr,backlog=511,bind=127.0.0.1`, address],
    missing: needs('socat', 'apt-get install socat'),
  }
}

export const socatExec = socat('EXEC:cat')
export const socatPipe = socat('PIPE')

// The distribution's build is optimised; a python3 that comes first in PATH may well not be.
const python = executable('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'

export const pythonForking: ServerSpec = {
  ...usual,
  name: 'Python ForkingTCPServer',
  command: python,
  args: ({ port }) => [join(peersFolder, 'forking_tcp_server.py'), String(port)],
  missing: () => (executable(python) ? undefined : needs('python3', 'apt-get install python3')()),
}

export const perlForking: ServerSpec = {
  ...usual,
  name: 'Perl Net::Server::Fork',
  command: 'perl',
  args: ({ port }) => [join(peersFolder, 'net_server_fork.pl'), String(port)],
  missing: needsNetServer,
}

export const childProcessFork: ServerSpec = {
  ...usual,
  name: 'Node child_process.fork',
  command: process.execPath,
  args: ({ port }) => [join(peersFolder, 'child-process-fork.mjs'), String(port)],
  missing: () => undefined,
  warmup: 2,
  idle: 30,
}
