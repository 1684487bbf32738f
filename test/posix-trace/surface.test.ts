/** The traced `tined/posix` has the same names as the other one, and traces every call. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as posix from '../../src/posix-api.js'
import * as traced from '../../src/posix-trace/index.js'

/** No system calls: macros, sets, names, addresses, what starts the program; and shorthands of ours for calls that are traced. */
const untraced = new Set(
  `FD_CLR FD_COPY FD_ISSET FD_SET FD_ZERO fd_set WCOREDUMP WEXITSTATUS WIFCONTINUED WIFEXITED WIFSIGNALED WIFSTOPPED WSTOPSIG WTERMSIG
  PosixError decodeStatus decodeSiginfo decodeSiginfos formatAddress parseAddress signalName main
  sigset sigsetMembers sigaddset sigdelset sigemptyset sigfillset sigismember
  applySignalMask blockSignals unblockSignals setSignalMask signalMask defaultSignal ignoreSignal readSignals
  setNonBlocking receiveDescriptor sendDescriptor`.split(/\s+/),
)

test('both have the same names', () => {
  assert.deepEqual(Object.keys(traced), Object.keys(posix))
})

test('every call is traced that is not declared to be none', () => {
  const functions = Object.entries(posix).filter(([, value]) => typeof value === 'function')
  const tracedFunctions = new Map<string, unknown>(Object.entries(traced))
  const same = functions.filter(([name, value]) => tracedFunctions.get(name) === value).map(([name]) => name)
  assert.deepEqual(
    same.filter((name) => !untraced.has(name)),
    [],
  )
})
