/** `tined/posix`: the POSIX layer, and what of it needs to know about Node's threads. */
export * from './posix/index.js'
export { type Child, fork, main, type Program } from './process/program.js'
