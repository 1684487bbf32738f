import { existsSync } from 'node:fs'

/** The folder of this package, wherever this file was compiled to: a URL that ends in `/`. */
function findPackage(): URL {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder))
    if (existsSync(new URL('package.json', folder)) || folder.pathname === '/') return folder
}

export const packageRoot = findPackage()
