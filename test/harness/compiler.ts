/** The C compiler of this machine, which some tests ask or compile with. */
import { spawnSync } from 'node:child_process'

/** Why a test that needs a compiler cannot run here; `false` when it can. */
export const noCompiler: string | false =
  spawnSync('cc', ['--version']).status === 0 ? false : 'cc is not installed (apt-get install gcc libc6-dev)'
