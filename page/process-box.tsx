/** A process in the drawing, or many: a button, for keyboards and screen readers. */
import { useTexts } from './language.ts'
import { BOX, type Box } from './layout.ts'
import { nameOf, stateOf } from './names.ts'

const MARKS: Record<string, string> = { zombie: '☠', stopped: '■', traced: '■', 'waiting for disk': '…' }
const CALM = ['sleeping', 'running', 'idle']

interface Props {
  box: Box
  isGone: boolean
  isChosen: boolean
  isWarned: boolean
  choose: (box: Box) => void
}

/** What it says below its name, and what only screen readers are told. */
function useWords({ process, group }: Box, isGone: boolean): { name: string; second: string; more: string } {
  const texts = useTexts()
  if (group !== undefined) {
    const name = texts.group(group.length, nameOf({ ...process, id: undefined }, texts))
    return { name, second: texts.processesOf(group.length), more: '' }
  }
  const { pid, client, occupation, connections } = process
  const state = isGone ? texts.gone : stateOf(process, texts)
  const name = nameOf(process, texts)
  const mark = isGone ? '' : (MARKS[process.state] ?? '')
  const signals = isGone ? undefined : process.pendingSignals?.join(' ')
  if (signals !== undefined)
    return { name, second: `↯ ${signals} ${mark}`.trim(), more: `${texts.pending}, ${state}, ${pid}` }
  if (isGone || !CALM.includes(process.state))
    return { name, second: `${mark} ${state} · ${pid}`.trim(), more: client ?? '' }
  const doing = occupation === undefined ? undefined : texts.occupations[occupation]
  const serving = connections === undefined ? undefined : `${pid} · ${texts.connectionsOf(connections)}`
  const second = client ?? serving ?? (doing === undefined ? `${pid}` : `${pid} · ${doing}`)
  return { name, second, more: client === undefined ? state : `${pid}, ${state}` }
}

export function ProcessBox({ box, isGone, isChosen, isWarned, choose }: Props) {
  const { process, group, x, y, width } = box
  const { name, second, more } = useWords(box, isGone)
  const kinds = [
    `box role-${process.role}`,
    isGone ? 'gone' : `state-${process.state.replaceAll(' ', '-')}`,
    ...(isWarned ? ['warned'] : []),
    ...(process.pendingSignals === undefined || isGone ? [] : ['signalled']),
    ...(group === undefined ? [] : ['group']),
  ]
  return (
    <li style={{ left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${BOX.height}px` }}>
      <button
        type="button"
        class={kinds.join(' ')}
        aria-pressed={isChosen}
        title={[name, second, more].filter(Boolean).join(', ')}
        data-pid={group === undefined ? process.pid : undefined}
        onClick={() => choose(box)}
      >
        <span class="name">{name}</span>
        <span class="hidden">, </span>
        <span class="second">{second}</span>
        {more !== '' && <span class="hidden">, {more}</span>}
      </button>
    </li>
  )
}
