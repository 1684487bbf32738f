/** How the picture of the layers looks, in light and in dark. */
const light = `
    .sheet, .band0 { fill: #ffffff } .band1 { fill: #f3f5f8 }
    .box { fill: #eef4ff; stroke: #4f7fd9; stroke-width: 1.25 }
    .wire { fill: none; stroke: #8c959f; stroke-width: 1.25 } .tip { fill: #59636e }
    .crossing { fill: #ffffff; stroke: #8c959f }
    .wire.wrong, .crossing.wrong, .box.wrong { stroke: #d1242f; stroke-width: 2 } .wrongtip { fill: #d1242f }
    text { text-anchor: middle; fill: #1f2328 }
    .name { font-size: 14px; font-weight: 600 } .files, .count { font-size: 11px } .files { fill: #59636e }
    .legend { text-anchor: start; font-size: 13px; fill: #59636e }`

const dark = `
      .sheet, .band0 { fill: #0d1117 } .band1 { fill: #161b22 }
      .box { fill: #14233f; stroke: #5b8def } .wire { stroke: #6e7681 } .tip { fill: #9da7b3 }
      .crossing { fill: #0d1117; stroke: #6e7681 }
      .wire.wrong, .crossing.wrong, .box.wrong { stroke: #f85149 } .wrongtip { fill: #f85149 }
      text { fill: #e6edf3 } .files, .legend { fill: #9da7b3 }`

export const STYLE = `${light}\n    @media (prefers-color-scheme: dark) {${dark}\n    }\n  `

export const LEGEND = [
  'Each row is a room, and each column. The number where they cross:',
  'so many times do files of the row import files of the column.',
  'A band is a layer. What goes upwards, or in a circle, is red.',
]
