/**
 * Draws a picture of the course from its description: boxes, bars on a time line, arrows, bits, words. A text is the same in all
 * languages, or one for each: `['parent', '부모']`; what is in backticks is code. A text that does not fit in its box is an error.
 */
import { STYLE } from './style.mjs'

const LANGUAGES = ['en', 'ko']
const SIZE = 14
const SMALL = 12.5
const LINE = 19
const FONTS = "ui-sans-serif, system-ui, 'Segoe UI', 'Noto Sans KR', 'Noto Sans CJK KR', 'Malgun Gothic', sans-serif"

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const isWide = (char) => /[ᄀ-ᇿ가-힣…]/.test(char)

/** In letters of a sans-serif, generously. */
function widthOf(text, size) {
  const parts = text.split('`')
  const ems = parts.map((part, index) =>
    [...part].reduce((sum, char) => sum + (isWide(char) ? 0.93 : index % 2 ? 0.57 : 0.52), 0),
  )
  return ems.reduce((sum, em) => sum + em, 0) * size
}

const inline = (text) =>
  text
    .split('`')
    .map((part, index) => (index % 2 ? `<tspan class="code">${escaped(part)}</tspan>` : escaped(part)))
    .join('')

const textAt = (x, y, text, { kind = '', anchor = 'middle' } = {}) =>
  `<text${kind === '' ? '' : ` class="${kind}"`} x="${x}" y="${y}" text-anchor="${anchor}">${inline(text)}</text>`

function fit(text, width, size, where) {
  if (widthOf(text, size) > width)
    throw new RangeError(`${where}: ${JSON.stringify(text)} needs ${Math.ceil(widthOf(text, size))} of ${width}`)
}

/** The first line is strong, the others small; in the middle of the box, or of its top. */
function wordsIn([x, y, width, height], lines, atTop, where) {
  const first = atTop ? y + 20 : y + height / 2 + 5 - ((lines.length - 1) * LINE) / 2
  return lines.map((text, index) => {
    fit(text, width - 12, index === 0 ? SIZE * 1.05 : SMALL, where)
    return textAt(x + width / 2, first + index * LINE, text, { kind: index === 0 ? 'strong' : 'small' })
  })
}

/** @param points x and y in turn */
const pathOf = (points) => points.map((value, index) => `${index === 0 ? 'M' : index % 2 ? ' ' : 'L'}${value}`).join('')

const BAR = 30
const BIT = 30

/** By kind of part: a description to SVG. `say` chooses a text's language. */
const parts = {
  box({ at, box, lines = [], top = false }, say, where) {
    const [x, y, width, height] = at
    const radius = box === 'thing' ? Math.min(height / 2, 18) : 8
    return [
      `<rect class="${box}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${radius}"/>`,
      ...wordsIn(at, lines.map(say), top, where),
    ]
  },
  bar({ bar, from, to, y, text = '' }, say, where) {
    const words = say(text)
    fit(words, to - from - 8, SIZE, where)
    return [
      `<rect class="${bar}" x="${from}" y="${y - BAR / 2}" width="${to - from}" height="${BAR}" rx="4"/>`,
      ...(words === '' ? [] : [textAt((from + to) / 2, y + 5, words)]),
    ]
  },
  arrow({ arrow, kind = 'arrow', both = false, label, at, anchor = 'middle' }, say) {
    const path = pathOf(arrow)
    const start = both ? ` marker-start="url(#${kind}-tip)"` : ''
    const words = label === undefined ? [] : [textAt(...at, say(label), { kind: 'small', anchor })]
    return [`<path class="${kind}" d="${path}"${start} marker-end="url(#${kind}-tip)"/>`, ...words]
  },
  line: ({ line }) => [`<path class="line" d="${pathOf(line)}"/>`],
  cross: ({ cross: [x, y] }) => [`<path class="cross" d="M${x - 6} ${y - 6}l12 12M${x + 6} ${y - 6}l-12 12"/>`],
  text: ({ text, at, kind = '', anchor = 'middle' }, say) => [textAt(...at, say(text), { kind, anchor })],
  /** A set of descriptors: a cell for each, with its number above. */
  bits: ({ bits, at: [x, y] }) =>
    [...bits].flatMap((bit, index) => [
      `<rect class="bit${bit === '1' ? ' on' : ''}" x="${x + index * BIT}" y="${y}" width="${BIT}" height="${BIT}"/>`,
      textAt(x + index * BIT + BIT / 2, y + 20, `\`${bit}\``),
      textAt(x + index * BIT + BIT / 2, y - 7, `${index}`, { kind: 'small' }),
    ]),
}

const tip = (kind) =>
  `<marker id="${kind}-tip" markerWidth="10" markerHeight="10" refX="8.5" refY="5" orient="auto-start-reverse" markerUnits="userSpaceOnUse"><path class="${kind}-tip" d="M0 1 9 5 0 9z"/></marker>`

/** @param {{ size: [number, number], title: object, parts: object[] }} picture @returns {string} SVG */
export function draw(name, { size: [width, height], title, parts: described }, language) {
  const say = (text) => (Array.isArray(text) ? text[LANGUAGES.indexOf(language)] : text)
  const drawn = described.flatMap((part) => {
    const kind = Object.keys(parts).find((each) => each in part)
    return parts[kind](part, say, `${name}, ${language}`)
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img"
     aria-labelledby="title" lang="${language}" font-family="${FONTS}">
  <title id="title">${escaped(say(title))}</title>
  <style>${STYLE}
  </style>
  <defs>${['arrow', 'signal', 'wrong'].map(tip).join('')}</defs>
  <rect class="sheet" width="${width}" height="${height}" rx="10"/>
  ${drawn.join('\n  ')}
</svg>
`
}
