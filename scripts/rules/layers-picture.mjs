/** The picture of the layers: rooms on a diagonal, from the highest to the lowest, and a crossing for each pair that imports. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LEGEND, STYLE } from './layers-style.mjs'
import { countByRoom, fromTop } from './room-imports.mjs'
import { layers, SURFACE } from './rooms.mjs'

export const PICTURE = 'docs/layers.svg'

const COLUMN = 70
const ROW = 46
const BOX = { width: 102, height: 34 }
const MARGIN = 24

const x = (room) => MARGIN + BOX.width / 2 + fromTop.indexOf(room) * COLUMN
const y = (room) => MARGIN + BOX.height / 2 + fromTop.indexOf(room) * ROW
const WIDTH = x(fromTop.at(-1)) + BOX.width / 2 + MARGIN
const HEIGHT = y(fromTop.at(-1)) + BOX.height / 2 + MARGIN

const band = (layer, index) =>
  `<rect class="band${index % 2}" x="8" y="${y(layer.at(-1)) - ROW / 2}" width="${WIDTH - 16}" height="${layer.length * ROW}"/>`

/** Out of a room sideways, then to the other one: down on its right, or up on its left, where nothing should go. */
function wire({ from, to, wrong }) {
  const down = y(to) > y(from)
  const start = x(from) + (down ? BOX.width / 2 : -BOX.width / 2)
  const end = y(to) + (down ? -BOX.height / 2 : BOX.height / 2)
  const [kind, tip] = wrong ? ['wire wrong', 'wrongtip'] : ['wire', 'tip']
  return `<path class="${kind}" d="M${start} ${y(from)}H${x(to)}V${end}" marker-end="url(#${tip})"/>`
}

function crossing({ from, to, count, wrong }) {
  const half = count > 99 ? 15 : 11
  return (
    `<rect class="crossing${wrong ? ' wrong' : ''}" x="${x(to) - half}" y="${y(from) - 11}" width="${2 * half}" height="22" rx="11"/>` +
    `<text class="count" x="${x(to)}" y="${y(from) + 4}">${count}</text>`
  )
}

function box(room, count, hasCircle) {
  const [left, top] = [x(room) - BOX.width / 2, y(room) - BOX.height / 2]
  const files = `${count} file${count === 1 ? '' : 's'}${hasCircle ? ', a circle' : ''}`
  return (
    `<rect class="box${hasCircle ? ' wrong' : ''}" x="${left}" y="${top}" width="${BOX.width}" height="${BOX.height}" rx="6"/>` +
    `<text class="name" x="${x(room)}" y="${y(room) - 2}">${room}</text>` +
    `<text class="files" x="${x(room)}" y="${y(room) + 12}">${files}</text>`
  )
}

const legend = (text, index) => `<text class="legend" x="${MARGIN}" y="${HEIGHT - 76 + 22 * index}">${text}</text>`

const tip = (name) =>
  `<marker id="${name}" markerWidth="9" markerHeight="9" refX="8" refY="4.5" orient="auto" markerUnits="userSpaceOnUse">` +
  `<path class="${name}" d="M0 1 8 4.5 0 8z"/></marker>`

/** @param imports what dependency-cruiser found @returns {string} SVG */
export function drawLayers(imports) {
  const { files, circles, pairs } = countByRoom(imports)
  // what is wrong lies on top
  const ordered = pairs.sort((a, b) => a.wrong - b.wrong || y(a.from) - y(b.from) || x(a.to) - x(b.to))
  const parts = [
    `<rect class="sheet" width="${WIDTH}" height="${HEIGHT}" rx="10"/>`,
    ...[...layers, [SURFACE]].map(band),
    ...ordered.map(wire),
    ...ordered.map(crossing),
    ...[...files].map(([room, count]) => box(room, count, circles.has(room))),
    ...LEGEND.map(legend),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img"
     aria-labelledby="title" font-family="ui-sans-serif, system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif">
  <title id="title">The rooms of src/, from the highest to the lowest, and how often each imports from each</title>
  <style>${STYLE}</style>
  <defs>${tip('tip')}${tip('wrongtip')}</defs>
  ${parts.join('\n  ')}
</svg>
`
}

/** @param {string} root the checkout @returns {string[]} what is wrong; empty when nothing is */
export function checkPicture(root, imports) {
  const path = join(root, PICTURE)
  if (existsSync(path) && readFileSync(path, 'utf8') === drawLayers(imports)) return []
  return [`${PICTURE} does not show the imports as they are: npm run docs:layers`]
}
