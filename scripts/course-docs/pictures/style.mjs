/** Colours and letters of the pictures, light and dark. */
export const STYLE = `
    .sheet { fill: #ffffff } .kernel { fill: #f6f8fa; stroke: #d1d9e0; stroke-dasharray: 5 4 }
    .process { fill: #eef4ff; stroke: #4f7fd9 } .client { fill: #edf9ef; stroke: #2f9e4f }
    .thing { fill: #fff6dd; stroke: #b7860b } .handler { fill: #f6efff; stroke: #8250df }
    .gone { fill: none; stroke: #8c959f; stroke-dasharray: 4 4 }
    .waits { fill: #ffffff; stroke: #4f7fd9; stroke-dasharray: 6 4 }
    .zombie { fill: #ffebe9; stroke: #cf222e; stroke-dasharray: 6 4 }
    .bit { fill: #ffffff; stroke: #8c959f } .bit.on { fill: #ffd866; stroke: #b7860b }
    .process, .client, .thing, .handler, .gone, .waits, .zombie, .bit { stroke-width: 1.5 }
    .arrow { fill: none; stroke: #59636e; stroke-width: 1.75 } .arrow-tip { fill: #59636e }
    .signal { fill: none; stroke: #8250df; stroke-width: 1.75; stroke-dasharray: 6 4 } .signal-tip { fill: #8250df }
    .wrong { fill: none; stroke: #cf222e; stroke-width: 1.75 } .wrong-tip { fill: #cf222e }
    .line { fill: none; stroke: #8c959f; stroke-width: 1.25; stroke-dasharray: 3 4 }
    .cross { fill: none; stroke: #cf222e; stroke-width: 2.5 }
    text { fill: #1f2328; font-size: 14px } .strong { font-weight: 600 } .small { font-size: 12.5px; fill: #59636e }
    .red { fill: #cf222e } .code { font-family: ui-monospace, 'SFMono-Regular', Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: 0.93em }
    @media (prefers-color-scheme: dark) {
      .sheet { fill: #0d1117 } .kernel { fill: #161b22; stroke: #3d444d }
      .process { fill: #14233f; stroke: #5b8def } .client { fill: #12261a; stroke: #3fb950 }
      .thing { fill: #2b2410; stroke: #d29922 } .handler { fill: #231a36; stroke: #a371f7 }
      .gone { stroke: #6e7681 } .waits { fill: #0d1117; stroke: #5b8def } .zombie { fill: #2d1618; stroke: #f85149 }
      .bit { fill: #0d1117; stroke: #6e7681 } .bit.on { fill: #6b5310; stroke: #d29922 }
      .arrow { stroke: #9da7b3 } .arrow-tip { fill: #9da7b3 } .signal { stroke: #a371f7 } .signal-tip { fill: #a371f7 }
      .wrong, .cross { stroke: #f85149 } .wrong-tip { fill: #f85149 } .line { stroke: #6e7681 }
      text { fill: #e6edf3 } .small { fill: #9da7b3 } .red { fill: #f85149 }
    }`
