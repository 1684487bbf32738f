/**
 * `node:util`, by require: since Node 22 an import of it makes `process.stderr` before any code runs (a getter of its exports loads what
 * looks for colours), which sets O_NONBLOCK on a pipe for whoever shares it.
 */
import { createRequire } from 'node:module'
import type * as util from 'node:util'

const loaded: typeof util = createRequire(import.meta.url)('node:util')

export const { format, getSystemErrorMap, inspect } = loaded
