/** Values as the trace writes them. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PosixError } from '../../../src/libc/posix-error.js'
import { signalName } from '../../../src/libc/signal.js'
import {
  addressValue,
  anyValue,
  bytesValue,
  failure,
  flagsValue,
  nameValue,
  resultValue,
  statusValue,
} from '../../../src/posix/trace/notation.js'

test('`bytesValue()` writes a C string and cuts it after 32 bytes', () => {
  assert.equal(bytesValue(Buffer.from('a "b"\n')), '"a \\"b\\"\\n"')
  assert.equal(bytesValue(Buffer.from('hello, and what was there before'), 5), '"hello"')
  assert.equal(bytesValue(Buffer.alloc(33, 'x')), `"${'x'.repeat(32)}"…`)
})

test('`flagsValue()` names the bits, and leaves a number for the others', () => {
  const names = { WNOHANG: 1, WUNTRACED: 2 }
  assert.equal(flagsValue(0, names), '0')
  assert.equal(flagsValue(3, names), 'WNOHANG|WUNTRACED')
  assert.equal(flagsValue(0x41, names), 'WNOHANG|0x40')
})

test('`nameValue()` falls back to the number', () => {
  assert.equal(nameValue(1, { SHUT_WR: 1 }), 'SHUT_WR')
  assert.equal(nameValue(7, { SHUT_WR: 1 }), '7')
})

test('`statusValue()` says which macros would be true', () => {
  assert.equal(statusValue(24 << 8, signalName), '[WIFEXITED, WEXITSTATUS=24]')
  assert.equal(statusValue(9, signalName), '[WIFSIGNALED, WTERMSIG=SIGKILL]')
  assert.equal(statusValue((19 << 8) | 0x7f, signalName), '[WIFSTOPPED, WSTOPSIG=SIGSTOP]')
  assert.equal(statusValue(0xffff, signalName), '[WIFCONTINUED]')
})

test('`addressValue()` tells the families apart', () => {
  assert.equal(addressValue({ host: '127.0.0.1', port: 9190 }), '{AF_INET, "127.0.0.1", 9190}')
  assert.equal(addressValue({ family: 'IPv6', address: '::1', port: 1 }), '{AF_INET6, "::1", 1}')
  assert.equal(addressValue({ path: '/run/x' }), '{AF_UNIX, "/run/x"}')
})

test('results and failures are those of C', () => {
  assert.equal(resultValue(undefined), '0')
  assert.equal(resultValue(5), '5')
  assert.equal(resultValue(false), '0')
  assert.equal(failure(new PosixError(9, 'read')), '-1 EBADF')
  assert.equal(failure(new RangeError('fd: expected 0 to 1023')), '? RangeError: fd: expected 0 to 1023')
})

test('`anyValue()` has a notation for whatever an argument may be', () => {
  assert.equal(anyValue(null), 'NULL')
  assert.equal(anyValue([1, 'a']), '[1, "a"]')
  assert.equal(anyValue({ tv_sec: 5 }), '{tv_sec=5}')
  assert.equal(
    anyValue(function readChildren() {}),
    'readChildren',
  )
})
