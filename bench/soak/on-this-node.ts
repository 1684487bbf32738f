/** All phases on the Node that runs this file: `on-this-node.js SHARE`. A line of JSON for each phase. */
import { makeScratch } from '../lib/compile.js'
import { asyncWorks } from './async-work.js'
import type { Question } from './clients.js'
import { type PhaseResult, runPhase } from './phase.js'
import { runPressure } from './pressure-phase.js'
import { works } from './work.js'

const SEEDS = 25

type AnyWork = (seed: number) => string | Promise<string>

async function answers(all: Record<string, AnyWork>): Promise<Question[]> {
  const list: Question[] = []
  for (let seed = 0; seed < SEEDS; seed++)
    for (const [name, work] of Object.entries(all)) list.push({ text: `${name} ${seed}`, answer: await work(seed) })
  return list
}

function* round(questions: readonly Question[], count: number): Generator<Question> {
  for (let index = 0; index < count; index++) yield questions[index % questions.length] as Question
}

const share = Number(process.argv[2] ?? 1)
const part = (count: number): number => Math.ceil(count * share)
const scratch = makeScratch()
const sync = await answers(works)
const async = await answers(asyncWorks)

// 20,000 connections in a process of their own, and some in workers that serve many
const phases: [style: string, count: number, questions: readonly Question[]][] = [
  ['callbacks', part(9000), sync],
  ['callbacks, grown supervisor', part(2000), sync],
  ['callbacks in Node’s loop', part(2000), sync],
  ['function that awaits its client alone', part(2000), sync],
  ['function', part(3000), async],
  ['prefork, a process for each: callbacks', part(1000), sync],
  ['prefork, a process for each: function', part(1000), async],
  ['prefork with reuse: callbacks', part(2000), sync],
  ['prefork with reuse: function', part(2000), async],
]

const print = (result: PhaseResult): void => console.log(JSON.stringify(result))

for (const [style, count, questions] of phases)
  print(await runPhase(style, count, 20, round(questions, count), scratch))
print(await runPressure(part(1000)))
