import { conform } from './case.js'
import { cases } from './cases/pipes-io.js'

conform('pipes-io', cases)
