/** `tined echo` */
import type { Command } from 'commander'
import { echo } from '../services/echo.js'
import { greetEcho } from './greeting.js'
import { runServer } from './run-server.js'
import { addServerOptions, type ServerFlags, toServeOptions } from './server-options.js'

export function addEcho(program: Command): void {
  addServerOptions(program.command('echo').description('serve an echo')).action((flags: ServerFlags) =>
    runServer(
      () => toServeOptions(flags),
      echo,
      (server) => greetEcho(server, flags.model),
    ),
  )
}
