/** The traced `tined/posix` has the same names as the other one, and traces every call. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as posix from '../../../src/posix/index.js'
import * as traced from '../../../src/posix/trace/index.js'

/** Macros of sets and of statuses. */
const macro = /^(FD_|W[A-Z])/
/** No system calls either: sets, names, addresses, what starts the program; a shorthand of ours. */
const untraced = new Set(
  `fd_set PosixError decodeStatus decodeSiginfo decodeSiginfos formatAddress parseAddress signalName main setNonBlocking
  htonl htons inet_addr inet_ntop inet_pton ntohl ntohs perror strerror
  sigset sigsetMembers sigaddset sigdelset sigemptyset sigfillset sigismember`.split(/\s+/),
)

test('both have the same names', () => {
  assert.deepEqual(Object.keys(traced), Object.keys(posix))
})

test('every call is traced that is not declared to be none', () => {
  const functions = Object.entries(posix).filter(([, value]) => typeof value === 'function')
  const tracedFunctions = new Map<string, unknown>(Object.entries(traced))
  const same = functions.filter(([name, value]) => tracedFunctions.get(name) === value).map(([name]) => name)
  assert.deepEqual(
    same.filter((name) => !macro.test(name) && !untraced.has(name)),
    [],
  )
})
