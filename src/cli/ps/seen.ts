/** What `tined ps` has found at one moment of one server. */
import type { Ledger } from '../../observe/ledger.js'
import type { ServerView } from '../../observe/server-view.js'
import type { Finding } from '../../observe/warnings.js'

export interface Seen {
  view: ServerView
  /** With --fds. */
  ledger: Ledger | undefined
  findings: Finding[]
}
