/** The `tined` command. */
import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { EXIT } from '../supervisor/exit-status.js'
import { serverSignals } from '../supervisor/signals.js'
import { addConnect } from './connect.js'
import { addCourse } from './course.js'
import { addDoctor } from './doctor.js'
import { addEcho } from './echo.js'
import { addMessages } from './messages.js'
import { addStore } from './store.js'

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string
}

const signals = serverSignals.map(({ name, effect }) => `  ${name.slice(3).padEnd(5)} ${effect}`).join('\n')

const program = new Command('tined')
  .description('TCP servers the way Unix does them: each connection in its own really forked process.')
  .version(version)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? EXIT.ok : EXIT.misuse))
  .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'tined: fatal: ')) })
  .addHelpText(
    'after',
    `\nSignals, to the command or to the supervisor:\n${signals}\n\nExit status: 0 stopped as asked, 100 misuse, 111 the system refused.`,
  )

addEcho(program)
addStore(program)
addMessages(program)
addConnect(program)
addCourse(program)
addDoctor(program)

await program.parseAsync()
