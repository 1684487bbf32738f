/** The `tined` command. */
import { readFileSync } from 'node:fs'
import { Command, Option } from 'commander'
import { EXIT } from '../supervisor/exit-status.js'
import { serverSignals } from '../supervisor/signals.js'
import { addConnect } from './connect.js'
import { addCourse } from './course.js'
import { addDoctor } from './doctor.js'
import { addEcho } from './echo.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'
import { addMessages } from './messages.js'
import { noSuch } from './no-such.js'
import { flush, print, tell } from './output.js'
import { packageRoot } from './package-root.js'
import { addPage } from './page.js'
import { addPs } from './ps.js'
import { addStore } from './store.js'

const { version } = JSON.parse(readFileSync(new URL('package.json', packageRoot), 'utf8')) as { version: string }

function printVersion(): never {
  printHelp(`${version}\n`)
  process.exit(EXIT.ok)
}

const signals = serverSignals.map(({ name, effect }) => `  ${name.slice(3).padEnd(5)} ${effect}`).join('\n')

/** One line, as everything that ends a command: commander puts what may have been meant on another. */
const inOneLine = (text: string): string =>
  text
    .replace(/^error: /, 'tined: fatal: ')
    .replace(/\n\(Did you mean (.*)\?\)/, '; did you mean $1?')
    .replace(/(unknown command '.*')\n$/, '$1; tined help lists them\n')

function printHelp(text: string): void {
  try {
    print(text)
    flush()
  } catch (error) {
    fail(error)
  }
}

const program = new Command('tined')
  .description('TCP servers the way Unix does them: each connection in its own really forked process.')
  .version(version, '-v, --version')
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.misuse))
  .configureOutput({ writeOut: printHelp, writeErr: tell, outputError: (text, write) => write(inOneLine(text)) })
  .helpCommand(false)
  // what comes after a command is for that: --framing of store export is not that of store
  .enablePositionalOptions()
  // as some are used to it
  .addOption(new Option('-V').hideHelp())
  .on('option:V', printVersion)

addExamples(program, '').addHelpText(
  'after',
  `\nSignals, to the command or to the supervisor:\n${signals}\n\nExit status: 0 stopped as asked, 100 misuse, 111 the system refused.`,
)

addEcho(program)
addStore(program)
addMessages(program)
addConnect(program)
addCourse(program)
addPs(program)
addPage(program)
addDoctor(program)
program.command('version').description('print the version number').action(printVersion)
program
  .command('help')
  .description('help for a command')
  .argument('[command]')
  .action((name?: string) => {
    const names = program.commands.map((command) => command.name())
    const command = name === undefined ? program : program.commands.find((one) => one.name() === name)
    if (command === undefined) fail(noSuch('help', 'command', name ?? '', names))
    command.outputHelp()
  })

const withCommands = (command: Command): Command[] => [command, ...command.commands.flatMap(withCommands)]

// whoever asks does not look where the options of tined itself stand
for (const command of program.commands.flatMap(withCommands))
  command.addOption(new Option('-v, --version').hideHelp()).on('option:version', printVersion)

await program.parseAsync()
