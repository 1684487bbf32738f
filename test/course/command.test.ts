/** `tined course`: the list, the sources, a program run with its explanation and its trace. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { programNames } from '../../src/cli/course/programs.js'
import { Program, runToEnd, tined } from '../harness/program.js'
import { until } from '../harness/until.js'

/** A start of Node alone may take ten seconds where many want the processor. */
const PATIENCE_MS = 60_000
const course = (...args: string[]): ReturnType<typeof runToEnd> =>
  runToEnd({ ...tined('course', ...args), env: { LC_ALL: 'C' } }, PATIENCE_MS)
const source = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8')

test('without a name it lists every program in one line', async () => {
  const { stdout, code } = await course()
  assert.equal(code, 0)
  assert.deepEqual(
    stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' ')[0]),
    programNames,
  )
})

test('it prints the TypeScript with --source and the C with --c', async () => {
  assert.equal((await course('pipe1', '--source')).stdout, source('examples/pipe1.ts'))
  assert.equal((await course('pipe1', '--c')).stdout, source('examples/c/pipe1.c'))
  assert.equal((await course('pipe1', '--source', '--lang', 'ko')).stdout, source('examples/ko/pipe1.ts'))
})

test('it explains on standard error and leaves standard output to the program', async () => {
  const { stdout, stderr, code } = await course('pipe1', '--lang', 'ko')
  assert.equal(stdout, '부모: 너는 누구니?\n')
  assert.match(stderr, /^pipe1: 파이프로 자식이 부모에게/)
  assert.equal(code, 0)
})

test('--watch says what changes of its processes where there is no terminal, and ends as the program does', async () => {
  const program = new Program({ ...tined('course', 'zombie', '30', '--watch'), env: { LC_ALL: 'C' } })
  try {
    const said = (what: RegExp): Promise<RegExpExecArray> =>
      until(String(what), () => what.exec(program.stderr), PATIENCE_MS)
    const [, parent] = await said(/^watch: (\d+), child of \d+: (.*; )?sleep\(30\)/m)
    await said(new RegExp(`^watch: \\d+, child of ${parent}: zombie$`, 'm'))
    process.kill(program.pid, 'SIGTERM')
    assert.equal((await program.finished(PATIENCE_MS)).signal, 'SIGTERM')
    assert.match(program.stderr, /: gone\n$/)
    assert.match(program.stdout, /^parent: my child is/m)
  } finally {
    if (program.ended === undefined) process.kill(program.pid, 'SIGKILL')
  }
})

test('a program that is not there is misuse, and those that are get named', async () => {
  const { stderr, code } = await course('fork_bomb')
  assert.equal(code, 100)
  assert.match(stderr, /^tined: fatal: course: no such program "fork_bomb"; expected one of zombie, wait, .*\n$/)
})

test('--trace prints the calls of all processes in one time line, in C notation', async () => {
  const { stdout, stderr } = await course('pipe3', '--trace')
  assert.equal(stdout, 'parent: Who are you?\nchild: Your parent.\n')
  // whether a call finds something or has to wait for it is chance
  const lines = stderr.split('\n').filter((line) => line.startsWith('[') && !line.endsWith(' waits…'))
  const parent = /^\[(\d+)\]/.exec(lines[0] ?? '')?.[1]
  const child = /= (\d+)/.exec(lines.find((line) => line.startsWith(`[${parent}] fork() = `)) ?? '')?.[1]
  const timeless = (line: string): string => line.replace(/ <[\d.]+ s>$/, '')
  const linesOf = (pid: string | undefined): string[] =>
    lines.filter((line) => line.startsWith(`[${pid}] `)).map((line) => timeless(line.slice(`[${pid}] `.length)))
  const [up, down] = linesOf(parent).flatMap((line) => {
    const [, read, write] = /^pipe\(\[(\d+), (\d+)\]\) = 0$/.exec(line) ?? []
    return read === undefined ? [] : [{ read, write }]
  })
  assert.deepEqual(linesOf(parent).slice(2), [
    `fork() = ${child}`,
    `read(${up?.read}, "Who are you?", 30) = 12`,
    `write(${down?.write}, "Your parent.", 12) = 12`,
    `wait([WIFEXITED, WEXITSTATUS=0]) = ${child}`,
  ])
  assert.deepEqual(linesOf(child), [
    'fork() = 0',
    `write(${up?.write}, "Who are you?", 12) = 12`,
    `read(${down?.read}, "Your parent.", 30) = 12`,
    '_exit(0)',
  ])
  assert.equal(lines.length, linesOf(parent).length + linesOf(child).length, 'no line is broken')
  const at = (text: string): number => lines.findIndex((line) => line.includes(text))
  assert.ok(at('_exit(') < at('wait('), 'wait returns after the child has ended')
  assert.ok(at(`write(${up?.write}`) < at(`read(${up?.read}`), 'a read returns after the write')
  assert.ok(at(`write(${down?.write}`) < at(`read(${down?.read}`), 'the other one, too')
  assert.ok(at(`fork() = ${child}`) < at('fork() = 0'), 'the parent says first that it has forked')
})

test('--trace shows a write before the read that it ends, each time', async () => {
  for (let run = 0; run < 5; run++) {
    const { stderr } = await course('pipe1', '--trace')
    assert.ok(stderr.indexOf('] write(') < stderr.search(/\] read\(.* = 12/), stderr)
  }
})

test('--trace shows that a call waits', async () => {
  const { stderr } = await course('wait', '0', '--trace')
  assert.match(
    stderr,
    /\] wait\(status\) waits…\n(?:\[.*\n)*\[\d+\] wait\(\[WIFEXITED, WEXITSTATUS=7\]\) = \d+ <[\d.]+ s>\n/,
  )
})

test('a name with a slip is suggested, and a bad number is an error in one line', async () => {
  const { stderr, code } = await course('zombi')
  assert.deepEqual([stderr, code], ['tined: fatal: course: no such program "zombi"; did you mean zombie?\n', 100])
  const bad = await course('zombie', 'abc')
  assert.match(bad.stderr, /^tined: fatal: zombie: SECONDS: expected a whole number from 0 to 1000000, got "abc"\n$/)
  assert.equal(bad.code, 100)
})

test('--trace shows a handler, the call it interrupts, and an error as C has it', async () => {
  const { stderr } = await course('remove_zombie', '--trace')
  // on a busy machine lines of the children may come in between, and both may have ended when the handler runs
  const parent = /^\[\d+\] /m.exec(stderr)?.[0] ?? ''
  const lines = stderr.split('\n').flatMap((line) => (line.startsWith(parent) ? line.slice(parent.length) : []))
  const at = lines.indexOf('--- SIGCHLD: readChildren() ---')
  assert.ok(at > 0, stderr)
  assert.match(lines[at + 1] ?? '', /^waitpid\(-1, \[WIFEXITED, WEXITSTATUS=12\], WNOHANG\) = \d+( |$)/)
  assert.match(
    lines[at + 2] ?? '',
    /^waitpid\(-1, (status, WNOHANG\) = 0|\[WIFEXITED, WEXITSTATUS=24\], WNOHANG\) = \d+)( |$)/,
  )
  const interrupted = lines.slice(at).find((line) => !/^(waitpid|---)/.test(line))
  assert.match(interrupted ?? '', /^sleep\(2\) = [0-2]( |$)/)
  assert.ok(
    lines.some((line) => line.startsWith('waitpid(-1, status, WNOHANG) = -1 ECHILD')),
    'the last child',
  )
})
