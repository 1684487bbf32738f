import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SIGCHLD } from '../../src/libc/constants.js'
import * as info from '../../src/libc/siginfo.js'

function siginfo(signal: number, code: number, words: Record<number, number> = {}): Buffer {
  const bytes = Buffer.alloc(info.SIGINFO_BYTES)
  bytes.writeInt32LE(signal, 0)
  bytes.writeInt32LE(code, 8)
  for (const [offset, value] of Object.entries(words)) bytes.writeInt32LE(value, Number(offset))
  return bytes
}

test('kill and raise tell the sender', () => {
  for (const si_code of [info.SI_USER, info.SI_TKILL])
    assert.deepEqual(info.decodeSiginfo(siginfo(10, si_code, { 16: 4711, 20: 1000 })), {
      si_signo: 10,
      si_code,
      si_errno: 0,
      si_pid: 4711,
      si_uid: 1000,
    })
})

test('sigqueue tells the value, with its sign', () => {
  assert.equal(info.decodeSiginfo(siginfo(34, info.SI_QUEUE, { 24: -5 })).si_value, -5)
})

test('SIGCHLD tells the child, its status and its times', () => {
  const decoded = info.decodeSiginfo(siginfo(SIGCHLD, info.CLD_EXITED, { 16: 9, 20: 1, 24: 24, 32: 7, 40: 8 }))
  assert.deepEqual(decoded, {
    si_signo: SIGCHLD,
    si_code: info.CLD_EXITED,
    si_errno: 0,
    si_pid: 9,
    si_uid: 1,
    si_status: 24,
    si_utime: 7,
    si_stime: 8,
  })
})

test('a signal from the kernel has no sender', () => {
  assert.deepEqual(info.decodeSiginfo(siginfo(14, info.SI_KERNEL)), { si_signo: 14, si_code: 0x80, si_errno: 0 })
})
