/** The pictures of the course, by the program on whose page they are; each in every language. */
import { draw } from './pictures/draw.mjs'
import * as multiplexing from './pictures/multiplexing.mjs'
import * as pipes from './pictures/pipes.mjs'
import * as servers from './pictures/servers.mjs'
import * as sockets from './pictures/sockets.mjs'
import * as time from './pictures/time.mjs'

const pictures = { ...time, ...servers, ...sockets, ...pipes, ...multiplexing }

const fileOf = (program, language) => `pictures/${program}${language === 'en' ? '' : `.${language}`}.svg`

/** @returns {string[]} Markdown of the program's picture, from its page */
export function pictureOn(program, language) {
  if (!(program in pictures)) return []
  const { title } = pictures[program]
  return [`![${title[language === 'en' ? 0 : 1]}](${fileOf(program, language)})`]
}

/** @returns {[path: string, svg: string][]} in docs/course */
export const drawnIn = (language) =>
  Object.entries(pictures).map(([program, picture]) => [fileOf(program, language), draw(program, picture, language)])
