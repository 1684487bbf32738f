/** `tined store` */
import type { Command } from 'commander'
import { store } from '../services/store.js'
import { checkStoreOptions, type StoreOptions, storeOptions } from '../services/store-options.js'
import { greetStore } from './greeting.js'
import { runServer } from './run-server.js'
import { addServerOptions, typedModel, typedServerOptions } from './server-options.js'
import { addOptions, typedOptions } from './typed-options.js'

function typedStoreOptions(command: Command): StoreOptions {
  const { values, nameOf } = typedOptions(command, storeOptions)
  const options = values as unknown as StoreOptions
  checkStoreOptions(options, nameOf)
  return options
}

export function addStore(program: Command): void {
  const command = program.command('store').description('serve an echo that stores: on disk first, then back')
  addServerOptions(addOptions(command, storeOptions)).action((flags: { to: string }) =>
    runServer(
      () => typedServerOptions(command),
      () => store(typedStoreOptions(command)),
      (server) => greetStore(server, typedModel(command), flags.to),
    ),
  )
}
