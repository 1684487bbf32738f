/** `tined echo` */
import type { Command } from 'commander'
import { echo } from '../services/echo.js'
import { addExamples } from './examples.js'
import { greetEcho } from './greeting.js'
import { runServer } from './run-server.js'
import { addServerOptions, typedModel, typedServerOptions } from './server-options.js'
import { addPageOption, typedPage } from './server-page.js'

export function addEcho(program: Command): void {
  const command = addPageOption(addServerOptions(program.command('echo').description('serve an echo')))
  addExamples(command, 'echo').action((_flags: object, command: Command) =>
    runServer(
      () => typedServerOptions(command),
      () => typedPage(command),
      echo,
      (server) => greetEcho(server, typedModel(command)),
    ),
  )
}
