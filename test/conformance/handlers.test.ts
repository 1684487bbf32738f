import { conform } from './case.js'
import { cases } from './cases/handlers.js'

conform('handlers', cases)
