import { conform } from './case.js'
import { cases } from './cases/asked-first.js'

conform('asked-first', cases)
