import { conform } from './case.js'
import { cases } from './cases/poll.js'

conform('poll', cases)
