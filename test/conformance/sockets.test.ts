import { conform } from './case.js'
import { cases } from './cases/sockets.js'

conform('sockets', cases)
