import { conform } from './case.js'
import { cases } from './cases/sigmask.js'

conform('sigmask', cases)
