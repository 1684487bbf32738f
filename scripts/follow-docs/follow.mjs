/** Follows a page from its first block to its last, as a reader would in an empty folder. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { blocksOf, stepsOf } from './page.mjs'
import { withFreePorts } from './ports.mjs'
import { Printed } from './printed.mjs'
import { Session } from './session.mjs'
import { runScript } from './shell.mjs'

const PROGRAM = /^(js|ts|mjs|mts)$/
const STARTS = /^(?:node|npx tsx) (\S+\.[jt]s)\b/
/** Where a page says how a Node that does not take types out runs a program all the same. */
const LOADER = { install: 'npm install tsx', command: 'npx tsx' }

class Reader {
  /** The program that serves now; a reader stops it before starting the next one. */
  #serving
  #shown = new Map()
  #sessions = []
  #hasLoader = false
  ran = 0

  /** @param place folder, environment, and what `npm install tined` is to install instead */
  constructor(name, page, ports, { folder, env, archive, notFollowed }) {
    this.name = name
    this.page = page
    this.printed = new Printed(ports)
    this.place = { cwd: folder, env }
    this.archive = archive
    this.notFollowed = notFollowed
  }

  fail(line, words) {
    throw new Error(`${this.name}:${line}: ${words}`)
  }

  async follow() {
    try {
      for (const block of blocksOf(this.page)) {
        const reason = this.notFollowed.reasonFor(this.name, block)
        if (reason === undefined) await this.#followBlock(block)
      }
      await this.#stop()
      for (const [file, line] of this.#shown)
        if (line !== undefined) this.fail(line, `${file} is shown, and never started`)
    } finally {
      for (const session of [...this.#sessions, this.#serving]) session?.abandon()
    }
  }

  async #followBlock(block) {
    const { language, file, line, text } = block
    if (PROGRAM.test(language)) {
      if (file === undefined) this.fail(line, 'a program that names no file: ```js app.js')
      writeFileSync(join(this.place.cwd, file), text)
      this.#shown.set(file, line)
    } else if (language === 'sh') await this.#script(text, line)
    else if (language === 'console') await this.#session(stepsOf(block))
    else this.fail(line, `nobody follows a block of ${language || 'no language'}`)
    this.ran++
  }

  async #script(text, line) {
    const script = text.replaceAll(/(?<=npm install )tined\b/g, this.archive)
    const { status, printed, cwd } = await runScript(script, this.place)
    if (status !== 0) this.fail(line, `ended with ${status}, and printed:\n${printed}`)
    this.place.cwd = cwd
  }

  async #session(steps) {
    const [first] = steps
    const started = first.kind === 'command' ? STARTS.exec(first.text)?.[1] : undefined
    if (first.kind === 'interrupt') {
      if (this.#serving === undefined) this.fail(first.line, 'Ctrl-C, and nothing serves')
      return this.#stop(steps.slice(1))
    }
    if (started !== undefined) {
      await this.#stop()
      if (!this.#shown.has(started)) this.fail(first.line, `${started} is started, and not shown before`)
      this.#shown.set(started, undefined)
      first.text = await this.#withTypes(first)
    }
    const session = new Session(steps, started !== undefined, this.place, this.printed, (at, words) =>
      this.fail(at, words),
    )
    if (started !== undefined) this.#serving = session
    else this.#sessions.push(session)
    await session.play()
  }

  /** The command for a program in TypeScript, on a Node that takes types out or on one that does not. */
  async #withTypes({ text, line }) {
    if (!/\.ts\b/.test(text) || process.features.typescript) return text
    for (const words of Object.values(LOADER))
      if (!this.page.includes(`\`${words}`))
        this.fail(line, `Node ${process.versions.node} needs \`${words}\`, which the page does not say`)
    if (!this.#hasLoader) await this.#script(LOADER.install, line)
    this.#hasLoader = true
    return text.replace(/^node/, LOADER.command)
  }

  /** Ctrl-C in the terminal of the program that serves, once all other terminals are done. @param steps what it prints then */
  async #stop(steps = []) {
    for (const session of this.#sessions) await session.finish()
    this.#sessions = []
    await this.#serving?.stop(steps)
    this.#serving = undefined
  }
}

/** @returns how many blocks were followed @throws {Error} in words, with the place, where the page and what happens differ */
export async function follow(name, text, place) {
  const page = await withFreePorts(text)
  const reader = new Reader(name, page.text, page.ports, place)
  await reader.follow()
  return reader.ran
}
