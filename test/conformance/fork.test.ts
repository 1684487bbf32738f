import { conform } from './case.js'
import { cases } from './cases/fork.js'

conform('fork', cases)
