/** Server options on the command line. */
import type { Command } from 'commander'
import { POLLERS } from '../reactor/poller.js'
import { serverOptions } from '../server/options/table.js'
import { addOptions, type Typed, typedOptions } from './typed-options.js'
import { refuseMisspelt } from './variables.js'

/** Adds the options that every server command has. */
export const addServerOptions = (command: Command): Command => addOptions(command, serverOptions)

/** `--model select` is short for `--model multiplex --poller select`. */
function expandModel({ values, nameOf }: Typed): Typed {
  const { model, poller } = values
  if (!POLLERS.some((name) => name === model)) return { values, nameOf }
  if (poller !== undefined && poller !== model)
    throw new TypeError(`${nameOf('poller')}: expected ${model}, as ${nameOf('model')} says, got ${poller}`)
  return { values: { ...values, model: 'multiplex', poller: model }, nameOf }
}

/**
 * What was typed, as options of `serve`.
 *
 * @throws {TypeError} {RangeError} what cannot be read, by the name of its flag or variable
 */
export function typedServerOptions(command: Command): Typed {
  refuseMisspelt(process.env)
  const typed = typedOptions(command, serverOptions)
  // a flag goes before a variable and before a default, and --port is short for --listen
  if (typed.values['port'] !== undefined && command.getOptionValueSource('listen') !== 'cli')
    delete typed.values['listen']
  return expandModel(typed)
}

/** The model as it was typed, or as it is by default. */
export const typedModel = (command: Command): string =>
  command.opts<{ model: string }>().model || serverOptions.model.default
