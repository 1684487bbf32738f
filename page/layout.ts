/** Where each process is drawn: the launcher at the top, below it the supervisor, below that all others in rows. */
import type { ProcessShot, ServerShot } from '../src/page/shapes.ts'
import { type Cell, cellsOf, GROUP } from './cells.ts'

export interface Box {
  key: string
  process: ProcessShot
  /** Of a box that stands for many. */
  group?: readonly ProcessShot[]
  x: number
  y: number
  width: number
  /** The line from its parent's to it, as an SVG path; undefined of the topmost. */
  way?: string
}

export interface Drawing {
  boxes: Box[]
  /** Lines from parents to children, as an SVG path. */
  lines: string
  width: number
  height: number
}

export const BOX = { width: 148, height: 48 }
/** On a phone: two beside each other. */
const NARROW = { below: 400, width: 130 }
const GAP = { x: 12, y: 24 }
const INDENT = 20
export function layout({ root, supervisor, processes, warnings }: ServerShot, width: number): Drawing {
  const boxWidth = width < NARROW.below ? NARROW.width : BOX.width
  const warned = new Set(warnings.map(({ pid }) => pid))
  const boxes: Box[] = []
  const lines: string[] = []
  const childrenOf = (pid: number): ProcessShot[] => processes.filter(({ parent }) => parent === pid)
  const put = ({ process, group }: Cell, x: number, y: number, way?: string): void => {
    const key = group === undefined ? `${process.pid}` : GROUP
    const place = { key, process, x, y, width: boxWidth, ...(way === undefined ? {} : { way }) }
    boxes.push(group === undefined ? place : { ...place, group })
  }

  /** What a connection has started, one below the other. @returns where it ends */
  function stack(pid: number, x: number, y: number, seen: ReadonlySet<number>): number {
    let bottom = y
    for (const child of childrenOf(pid)) {
      if (seen.has(child.pid)) continue
      const top = bottom + GAP.y / 2
      const way = `M${x + 8} ${y}V${top + BOX.height / 2}H${x + INDENT}`
      lines.push(way)
      put({ process: child }, x + INDENT, top, way)
      bottom = stack(child.pid, x + INDENT, top + BOX.height, new Set([...seen, child.pid]))
    }
    return bottom
  }

  /** Children in rows below their parent, and the supervisor after its siblings. @returns where it ends */
  function rows(parent: ProcessShot, x: number, y: number): number {
    const children = childrenOf(parent.pid).filter(({ pid }) => pid !== parent.pid)
    const cells = cellsOf(
      children.filter(({ pid }) => pid !== supervisor),
      processes,
      warned,
    )
    const below = children.find(({ pid }) => pid === supervisor)
    const left = x + INDENT
    // what a child has started is drawn below it, moved to the right
    const columnWidth =
      boxWidth +
      GAP.x +
      (cells.some(({ process, group }) => group === undefined && childrenOf(process.pid).length > 0) ? INDENT : 0)
    const columns = Math.max(1, Math.floor((width - left + GAP.x) / columnWidth))
    let bottom = y
    for (let first = 0; first < cells.length; first += columns) {
      const busY = bottom + GAP.y / 2
      const top = bottom + GAP.y
      const row = cells.slice(first, first + columns)
      const middleOf = (place: number): number => left + place * columnWidth + boxWidth / 2
      lines.push(`M${x + 8} ${y}V${busY}H${middleOf(row.length - 1)}`)
      row.forEach((cell, place) => {
        lines.push(`M${middleOf(place)} ${busY}V${top}`)
        put(cell, left + place * columnWidth, top, `M${x + 8} ${y}V${busY}H${middleOf(place)}V${top}`)
        const end =
          cell.group === undefined
            ? stack(cell.process.pid, left + place * columnWidth, top + BOX.height, new Set([cell.process.pid]))
            : 0
        bottom = Math.max(bottom, end, top + BOX.height)
      })
    }
    if (below === undefined) return bottom
    const top = bottom + GAP.y
    const way = `M${x + 8} ${y}V${top + BOX.height / 2}H${left}`
    lines.push(way)
    put({ process: below }, left, top, way)
    return rows(below, left, top + BOX.height)
  }

  const top = processes.find(({ pid }) => pid === root)
  if (top === undefined) return { boxes, lines: '', width, height: 0 }
  put({ process: top }, 0, 0)
  const height = rows(top, 0, BOX.height)
  return { boxes, lines: lines.join(''), width, height }
}
