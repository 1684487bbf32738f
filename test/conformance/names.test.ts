import { conform } from './case.js'
import { cases } from './cases/names.js'

conform('names', cases)
