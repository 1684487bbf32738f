import { conform } from './case.js'
import { cases } from './cases/sigaction.js'

conform('sigaction', cases)
