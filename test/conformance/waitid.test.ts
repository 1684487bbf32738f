import { conform } from './case.js'
import { cases } from './cases/waitid.js'

conform('waitid', cases)
