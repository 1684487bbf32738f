/** The programs of the course notes: their names, in the order of the notes, and how each is called. */
import type { Access } from '../../observe/descriptor.js'
import type { State } from '../../observe/process.js'

/** What is said about a program in one language. `PID` stands for the process that was started. */
export interface Text {
  /** One line, for the list. */
  title: string
  /** What it shows. */
  shows: string
  /** What to type or look at while it runs. */
  watch: string
  /** The mistake that is usually made here. */
  mistake: string
}

/** Arguments by program, as the C version and the TypeScript take them. */
export const programs = {
  zombie: '[SECONDS]',
  wait: '[SECONDS]',
  waitpid: '',
  signal: '[SECONDS]',
  sigaction: '',
  remove_zombie: '',
  echo_mpserv: '[PORT]',
  fd_copies: '',
  echo_mpclient: '[PORT]',
  pipe1: '',
  pipe2: '',
  pipe3: '',
  echo_storeserv: '[PORT] [FILE] [MESSAGES]',
  select: '[SECONDS]',
  echo_selectserv: '[PORT]',
} as const

export type ProgramName = keyof typeof programs

export const programNames = Object.keys(programs) as ProgramName[]

/** Narrows what a user typed. */
export const isProgram = (name: string): name is ProgramName => Object.hasOwn(programs, name)

/** The words of the table of processes. */
export interface TableWords {
  headings: readonly [pid: string, parent: string, state: string, call: string, descriptors: string]
  states: Record<State, string>
  /** Before what has changed of it. */
  whose(pid: number, parent: number): string
  terminal: string
  socket: string
  pipe(name: string, access: Access): string
  listening(address: string): string
  connection(address: string): string
  more(processes: number): string
  /** Of one without descriptors, and of one that is not there any more. */
  nothing: string
  gone: string
}

/** The words around the texts. */
export interface Words {
  watch: string
  mistake: string
  /** Before the path of the program's page. */
  page: string
  table: TableWords
}
