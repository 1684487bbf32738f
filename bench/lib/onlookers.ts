import { type ChildProcess, spawn } from 'node:child_process'
import { get } from 'node:http'
import { atExit } from './cleanup.js'
import { until } from './deadline.js'
import { tinedProgram } from './paths.js'
import { freePort } from './ready.js'

const SCRAPE_MS = 1000
/** Whoever leaves breaks off what is under way; what did not come is not counted. */
const ignore = (): void => {}

/** Somebody who has the page open, and Prometheus. */
export class Onlookers {
  readonly #url: string
  readonly #page: ChildProcess
  #scraping: NodeJS.Timeout | undefined
  /** Snapshots and metrics that have come. */
  snapshots = 0
  scrapes = 0

  private constructor(port: number, pid: number) {
    this.#url = `http://127.0.0.1:${port}`
    this.#page = spawn(process.execPath, [tinedProgram, 'page', '--listen', `127.0.0.1:${port}`, `${pid}`], {
      stdio: 'ignore',
    })
    atExit(() => this.#page.kill('SIGKILL'))
  }

  static async come(pid: number): Promise<Onlookers> {
    const onlookers = new Onlookers(await freePort(), pid)
    await until(() => onlookers.#isThere(), 10_000, 'the page')
    get(`${onlookers.#url}/api/events`, (stream) => {
      stream.setEncoding('utf8').on('data', (text: string) => {
        onlookers.snapshots += text.split('event: snapshot').length - 1
      })
      stream.on('error', ignore)
    }).on('error', ignore)
    onlookers.#scraping = setInterval(
      () =>
        get(`${onlookers.#url}/metrics`, (answer) =>
          answer.resume().on('end', () => {
            onlookers.scrapes++
          }),
        ).on('error', ignore),
      SCRAPE_MS,
    )
    return onlookers
  }

  #isThere(): Promise<true | undefined> {
    return new Promise((resolve) => {
      get(`${this.#url}/health`, (answer) => {
        answer.resume()
        resolve(answer.statusCode === 200 ? true : undefined)
      }).on('error', () => resolve(undefined))
    })
  }

  leave(): void {
    clearInterval(this.#scraping)
    this.#page.kill('SIGKILL')
  }
}
