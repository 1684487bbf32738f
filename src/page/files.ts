/** The files of the page, as scripts/bundle.mjs has made them: read once, served from memory. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

export interface File {
  type: string
  bytes: Buffer
}

/**
 * By path: `/` is the page itself, others are named as in the folder.
 *
 * @throws {Error} when the page was not built
 */
export function readFiles(folder: string): ReadonlyMap<string, File> {
  if (!existsSync(join(folder, 'index.html'))) throw new Error('the page was not built: run npm run build')
  const files = new Map<string, File>()
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const type = TYPES[extname(name)]
    if (type !== undefined) files.set(`/${name}`, { type, bytes: readFileSync(join(folder, name)) })
  }
  return files.set('/', files.get('/index.html') as File)
}

/** The page says itself which language it is in: the first that the browser wants and there is. */
export function languageFor(acceptLanguage: string | undefined): 'en' | 'ko' {
  const wanted = (acceptLanguage ?? '').split(',').map((part) => {
    const [language = '', ...parameters] = part
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/)
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    return { language: language.slice(0, 2), quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
  })
  const best = wanted
    .filter(({ language, quality }) => (language === 'en' || language === 'ko') && quality > 0)
    .sort((one, other) => other.quality - one.quality)[0]
  return best?.language === 'ko' ? 'ko' : 'en'
}

export const inLanguage = (index: File, language: string): File => ({
  ...index,
  bytes: Buffer.from(index.bytes.toString().replace('<html lang="en"', `<html lang="${language}"`)),
})
