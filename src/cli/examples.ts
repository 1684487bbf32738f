/** Examples of `--help`: what to type, and what it does. */
import type { Command } from 'commander'

type Example = readonly [typed: string, does: string]

/** By command; '' is tined itself. test/cli/examples.test.ts tries each. */
export const examples = {
  '': [
    ['tined echo', 'an echo on 127.0.0.1:9190'],
    ['tined store --to messages.ndjson', 'an echo that stores what it echoes'],
    ['tined connect 9190', 'a client of either, at a terminal or in a pipe'],
    ['tined COMMAND --help', 'the options of a command'],
  ],
  echo: [
    ['tined echo --port 8080', 'on 127.0.0.1:8080'],
    ['tined echo --listen localhost:8080', 'on 127.0.0.1 and on ::1'],
    ['tined echo --listen [::]:8080', 'on all addresses of this machine, IPv4 included'],
    ['tined echo --model epoll --workers 4', 'thousands of connections in four processes'],
  ],
  store: [
    ['tined store --to messages.ndjson', 'records with time and sender, for tined messages'],
    ['tined store --to text:lines.txt', 'bare lines'],
    ['tined store --to log.ndjson --syslog --listen [::]:601', 'what rsyslog, syslog-ng and logger send, parsed'],
    ['tined store --to messages.ndjson --listen unix:store.sock --socket-mode 660', 'for the own group only'],
  ],
  messages: [
    ['tined messages messages.ndjson -n 20 --follow', 'the last twenty, and what is still to come'],
    ['tined messages messages.ndjson --since 10m --peer 127.0.0.1', 'the last ten minutes of one client'],
  ],
  'store verify': [
    ['tined store verify messages.ndjson', 'status 0 when nothing is wrong, 111 else'],
    ['tined store verify messages.ndjson --json', 'for programs'],
  ],
  'store export': [
    ['tined store export messages.ndjson > lines.txt', 'as they were sent'],
    ['tined store export messages.ndjson --framing delimiter:nul | xargs -0 -n1 echo', 'with newlines inside'],
    ['tined store export messages.ndjson --after 1311:8192:40', 'what came since the last export, which printed that'],
  ],
  connect: [
    ['tined connect 9190', 'to this machine, at a terminal'],
    ["printf 'hello\\n' | tined connect example.org:7", 'as a filter'],
    ['tined connect unix:/run/x.sock --hex', 'shows what comes as a hex dump'],
  ],
  course: [
    ['tined course', 'lists the programs'],
    ['tined course zombie 5', 'explains and runs one'],
    ['tined course pipe1 --trace', 'with the calls of all its processes'],
    ['tined course zombie --watch', 'with its processes beside it, live'],
    ['tined course pipe1 --c', 'shows it in C'],
  ],
  ps: [
    ['tined ps', 'all servers of this machine, and their processes'],
    ['tined ps --watch 2 --sort memory', 'every two seconds, the largest first'],
    ['tined ps 4711 --fds', 'which descriptors a process and those below it hold'],
    ['tined ps --json', 'for programs'],
  ],
  page: [
    ['tined page', 'all servers of this machine, at http://127.0.0.1:9191/'],
    ['tined page 4711 --listen 127.0.0.1:8000', 'the server of that launcher, on another port'],
    ['TINED_PAGE_TOKEN=… tined page --listen 0.0.0.0:9191', 'for other machines, which need the token'],
  ],
} as const satisfies Record<string, readonly Example[]>

/** Adds them to the help of a command. */
export function addExamples(command: Command, name: keyof typeof examples): Command {
  const rows: readonly Example[] = examples[name]
  const width = Math.max(...rows.map(([typed]) => typed.length))
  const lines = rows.map(([typed, does]) => `  ${typed.padEnd(width)}  ${does}`)
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}
