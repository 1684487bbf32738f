import { conform } from './case.js'
import { cases } from './cases/epoll.js'

conform('epoll', cases)
