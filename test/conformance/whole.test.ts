import { conform } from './case.js'
import { cases } from './cases/whole.js'

conform('whole', cases)
