import { conform } from './case.js'
import { cases } from './cases/time.js'

conform('time', cases)
