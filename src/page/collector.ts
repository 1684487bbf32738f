/**
 * Where a page runs as root, it is two processes: this one, which reads what only root may and has no network, and a child, which serves
 * the web and is nobody.
 */
import { fork } from 'node:child_process'
import type { Looks } from './looks.js'
import { answer } from './remote-looks.js'

/** Tells the child, beside the arguments of this process, what it is. */
export const FRONT = '--front'

export interface Front {
  /** Fulfilled with its status when it has ended. */
  ended: Promise<number>
  end(): Promise<number>
}

/** @param args of this process, the program first */
export function startFront([program = '', ...args]: readonly string[], looks: Looks): Front {
  const child = fork(program, [...args, FRONT], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] })
  answer(child, looks)
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 0) : 1))
  })
  return {
    ended,
    end() {
      child.kill('SIGKILL')
      return ended
    },
  }
}
