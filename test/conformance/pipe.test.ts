import { conform } from './case.js'
import { cases } from './cases/pipe.js'

conform('pipe', cases)
