import { conform } from './case.js'
import { cases } from './cases/programs.js'

conform('programs', cases)
