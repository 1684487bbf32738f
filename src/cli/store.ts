/** `tined store` */
import type { Command } from 'commander'
import type { RehearsedApplication } from '../server/application.js'
import { longOf, variableOf } from '../server/options/option.js'
import { store } from '../services/store.js'
import { type StoreOptions, storeOptions } from '../services/store-options.js'
import { hasLogin } from '../store/nats/login.js'
import { sinks } from '../store/sinks/index.js'
import { SINKS } from '../store/sinks/parse.js'
import type { SinkKind } from '../store/sinks/sink.js'
import { addExamples } from './examples.js'
import { greetStore } from './greeting.js'
import { runServer } from './run-server.js'
import { addServerOptions, typedModel, typedServerOptions } from './server-options.js'
import { addPageOption, typedPage } from './server-page.js'
import { addStoreFiles } from './store-files.js'
import { addStoreImport } from './store-import.js'
import { addOptions, typedOptions } from './typed-options.js'

function typedStore(command: Command): RehearsedApplication {
  const { values, nameOf } = typedOptions(command, storeOptions)
  if (nameOf('to') === longOf(storeOptions.to.flag) && hasLogin(String(values['to'])))
    throw new TypeError(
      `--to: whoever runs ps sees a password there: put it into a file, ?login=FILE, or all of it into ${variableOf(storeOptions.to.flag)}`,
    )
  return store(values as unknown as StoreOptions, nameOf)
}

const width = Math.max(...SINKS.map(({ length }) => length))
const promises = Object.values<SinkKind>(sinks).map(({ form, promise }) => `  ${form.padEnd(width)}  ${promise}`)

export function addStore(program: Command): void {
  const command = program.command('store').description('serve an echo that stores: on disk first, then back')
  addExamples(addPageOption(addServerOptions(addOptions(command, storeOptions))), 'store').action(
    (flags: { to: string }) =>
      runServer(
        () => typedServerOptions(command),
        () => typedPage(command),
        () => typedStore(command),
        (server) => greetStore(server, typedModel(command), flags.to),
      ),
  )
  command.addHelpText(
    'after',
    `\nSinks, and what stands behind an answer with --durability disk:\n${promises.join('\n')}`,
  )
  addStoreFiles(command)
  addStoreImport(command)
}
