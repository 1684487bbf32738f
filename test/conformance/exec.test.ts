import { conform } from './case.js'
import { cases } from './cases/exec.js'

conform('exec', cases)
