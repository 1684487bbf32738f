import { conform } from './case.js'
import { cases } from './cases/select.js'

conform('select', cases)
