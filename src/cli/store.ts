/** `tined store` */
import { type Command, Option } from 'commander'
import { store } from '../services/store.js'
import { greetStore } from './greeting.js'
import { runServer } from './run-server.js'
import { addServerOptions, byteCount, type ServerFlags, toServeOptions } from './server-options.js'

interface StoreFlags extends ServerFlags {
  to: string
  maxMessage: string
}

export function addStore(program: Command): void {
  const command = program.command('store').description('serve an echo that stores: on disk first, then back')
  command.addOption(
    new Option('--to <sink>', 'messages.ndjson for records, text:FILE for bare lines')
      .env('TINED_TO')
      .makeOptionMandatory(),
  )
  command.addOption(
    new Option('--max-message <bytes>', 'the longest line, like 4096, 64k or 1m')
      .env('TINED_MAX_MESSAGE')
      .default('64k'),
  )
  addServerOptions(command).action((flags: StoreFlags) =>
    runServer(
      () => toServeOptions(flags),
      () => store({ to: flags.to, maxMessageBytes: byteCount('--max-message', flags.maxMessage) }),
      (server) => greetStore(server, flags.model, flags.to),
    ),
  )
}
