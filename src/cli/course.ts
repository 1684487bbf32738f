/** `tined course`: the programs of the course notes, listed, explained and run. */
import { type Command, Option } from 'commander'
import { checkArguments } from './course/arguments.js'
import { sourceOf } from './course/files.js'
import { LANGUAGES, type Language, languageOf } from './course/language.js'
import { isProgram, programNames } from './course/programs.js'
import { run } from './course/run.js'
import { addExamples } from './examples.js'
import { fail } from './fail.js'
import { noSuch } from './no-such.js'
import { flush, print } from './output.js'

interface CourseFlags {
  trace?: true
  watch?: true
  source?: true
  c?: true
  lang?: Language
}

async function course(name: string | undefined, args: readonly string[], flags: CourseFlags): Promise<void> {
  try {
    const { explain, languages, list } = await import('./course/explain.js')
    const language = flags.lang ?? languageOf(process.env)
    if (name === undefined) print(list(language))
    else if (!isProgram(name)) throw noSuch('course', 'program', name, programNames)
    else if (flags.c) print(sourceOf(name, 'c', language))
    else if (flags.source) print(sourceOf(name, 'ts', language))
    else {
      checkArguments(name, args)
      const { words } = languages[language]
      const trace = flags.trace === true
      const explained = (pid: number): string => explain(name, language, pid)
      if (flags.watch) {
        const { watch } = await import('./course/watch/watch.js')
        watch({ name, args, language, trace, words: words.table, explain: explained })
      } else run(name, language, args, trace, explained(process.pid))
    }
    flush()
  } catch (error) {
    fail(error)
  }
}

export function addCourse(program: Command): void {
  const command = program
    .command('course')
    .description('the programs of the course notes on processes and sockets: list, explain and run them')
    .argument('[name]', 'a program; without it, all are listed')
    .argument('[arguments...]', "the program's own")
    .option('--trace', 'print the calls of all its processes, in C notation, on standard error')
    .option('--watch', 'show its processes while it runs: a table on a terminal, otherwise a line for each change')
    .option('--source', 'print the program in TypeScript instead of running it')
    .option('--c', 'print the same program in C')
    .addOption(
      new Option(
        '--lang <language>',
        'of the explanations, and of the programs: what they print, and their comments (default: that of the locale)',
      ).choices(LANGUAGES),
    )
    .action(course)
  addExamples(command, 'course')
}
