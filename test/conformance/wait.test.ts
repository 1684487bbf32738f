import { conform } from './case.js'
import { cases } from './cases/wait.js'

conform('wait', cases)
