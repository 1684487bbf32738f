import { conform } from './case.js'
import { cases } from './cases/sending.js'

conform('sending', cases)
