/** Makes the page that `tined page` serves, in dist/page: of page/, and of the documentation that it links to. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { build } from 'esbuild'
import { Marked } from 'marked'

const TARGET = ['chrome109', 'firefox115', 'safari16']

/** As code hosts make them of headings. */
const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/<[^>]*>|&\w+;|[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')

/** Links to other pages of the documentation go to what is made of them; what is not in docs/ is named only. */
function linkTo(href, text, folder) {
  if (/^[a-z]+:/.test(href) || normalize(join(folder, href)).startsWith('..')) return text
  return `<a href="${href.replace(/\.md(?=#|$)/, '.html')}">${text}</a>`
}

/** @param folder of the page, in docs/ */
const rendererOf = (folder) => ({
  renderer: {
    heading({ tokens, depth }) {
      const html = this.parser.parseInline(tokens)
      return `<h${depth} id="${anchorOf(html)}">${html}</h${depth}>\n`
    },
    link({ href, tokens }) {
      return linkTo(href, this.parser.parseInline(tokens), folder)
    },
    image({ href, text }) {
      return href.startsWith('../') ? text : `<img src="${href}" alt="${text}">`
    },
  },
})

function pageOf(name, markdown) {
  const [, title = name] = /^# (.*)$/m.exec(markdown) ?? []
  return `<!doctype html>
<html lang="${name.endsWith('.ko.md') ? 'ko' : 'en'}">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.replaceAll('`', '').replaceAll('<', '&lt;')}</title>
<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/style.css">
</head>
<body><main class="doc"><p><a href="/">Tined</a></p>
${new Marked(rendererOf(dirname(name))).parse(markdown)}</main></body>
</html>
`
}

/** @param {string} root the checkout */
export async function makeWebPage(root) {
  const [from, to] = [join(root, 'page'), join(root, 'dist/page')]
  rmSync(to, { recursive: true, force: true })
  mkdirSync(join(to, 'docs'), { recursive: true })
  await build({
    absWorkingDir: from,
    entryPoints: { app: 'main.tsx', style: 'style.css' },
    outdir: to,
    bundle: true,
    format: 'esm',
    target: TARGET,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  for (const name of ['index.html', 'icon.svg']) cpSync(join(from, name), join(to, name))
  for (const name of readdirSync(join(root, 'docs'), { recursive: true })) {
    const [source, target] = [join(root, 'docs', name), join(to, 'docs', name)]
    mkdirSync(dirname(target), { recursive: true })
    if (name.endsWith('.md')) writeFileSync(target.replace(/md$/, 'html'), pageOf(name, readFileSync(source, 'utf8')))
    if (/\.(svg|png)$/.test(name)) cpSync(source, target)
  }
}
