/** Users, groups and sessions of the process. credentials(7) */

import { keepDeathSignal } from '../fork/death-signal.js'
import type { Pid, PidArgument } from '../libc/brand.js'
import { c } from '../libc/ffi.js'
import { check } from '../libc/posix-error.js'
import { int, noMore } from './arguments/check.js'

/** A call that sets users or groups, and leaves errno as the call has set it. */
const call = (prototype: string): ((...ids: number[]) => number) => {
  const set: (...ids: number[]) => number = c(prototype)
  return (...ids) => keepDeathSignal(() => set(...ids))
}
const setuidRaw = call('int setuid(unsigned int uid)')
const seteuidRaw = call('int seteuid(unsigned int uid)')
const setreuidRaw = call('int setreuid(unsigned int ruid, unsigned int euid)')
const setresuidRaw = call('int setresuid(unsigned int ruid, unsigned int euid, unsigned int suid)')
const setgidRaw = call('int setgid(unsigned int gid)')
const setegidRaw = call('int setegid(unsigned int gid)')
const setregidRaw = call('int setregid(unsigned int rgid, unsigned int egid)')
const setresgidRaw = call('int setresgid(unsigned int rgid, unsigned int egid, unsigned int sgid)')
const setsidRaw: () => number = c('int setsid()')
const getsidRaw: (pid: number) => number = c('int getsid(int pid)')
const getpgidRaw: (pid: number) => number = c('int getpgid(int pid)')
const getgroupsRaw: (size: number, list: Uint32Array | null) => number = c('int getgroups(int size, void *list)')
const setgroupsRaw: (size: bigint, list: Uint32Array) => number = c('int setgroups(size_t size, void *list)')

/** The largest id; one more means "leave it" to the calls that set several. */
const MAX_ID = 0xffff_fffe

function id(value: number, keep = false): number {
  if (keep && value === -1) return 0xffff_ffff
  if (Number.isInteger(value) && value >= 0 && value <= MAX_ID) return value
  throw new RangeError(`id: expected 0 to ${MAX_ID}${keep ? ', or -1 to keep it' : ''}, got ${value}`)
}
const ids = (...values: number[]): number[] => values.map((value) => id(value, true))

/** Real and effective user and group. getuid(2), getgid(2) */
export const getuid: () => number = c('unsigned int getuid()')
export const geteuid: () => number = c('unsigned int geteuid()')
export const getgid: () => number = c('unsigned int getgid()')
export const getegid: () => number = c('unsigned int getegid()')

/** Sets all three users when privileged, else the effective one. setuid(2) @throws {PosixError} EPERM */
export const setuid = (uid: number): void => void check(setuidRaw(id(uid)), 'setuid')
/** seteuid(2) @throws {PosixError} EPERM */
export const seteuid = (euid: number): void => void check(seteuidRaw(id(euid)), 'seteuid')
/** -1 leaves one as it is. setreuid(2) @throws {PosixError} EPERM */
export const setreuid = (ruid: number, euid: number): void => void check(setreuidRaw(...ids(ruid, euid)), 'setreuid')
/** -1 leaves one as it is. setresuid(2) @throws {PosixError} EPERM */
export const setresuid = (ruid: number, euid: number, suid: number): void =>
  void check(setresuidRaw(...ids(ruid, euid, suid)), 'setresuid')

/** Sets all three groups when privileged, else the effective one. setgid(2) @throws {PosixError} EPERM */
export const setgid = (gid: number): void => void check(setgidRaw(id(gid)), 'setgid')
/** setegid(2) @throws {PosixError} EPERM */
export const setegid = (egid: number): void => void check(setegidRaw(id(egid)), 'setegid')
/** -1 leaves one as it is. setregid(2) @throws {PosixError} EPERM */
export const setregid = (rgid: number, egid: number): void => void check(setregidRaw(...ids(rgid, egid)), 'setregid')
/** -1 leaves one as it is. setresgid(2) @throws {PosixError} EPERM */
export const setresgid = (rgid: number, egid: number, sgid: number): void =>
  void check(setresgidRaw(...ids(rgid, egid, sgid)), 'setresgid')

/** The supplementary groups. getgroups(2) */
export function getgroups(): number[]
export function getgroups(more?: unknown): number[] {
  noMore(more, 'getgroups(), which gives a list')
  const list = new Uint32Array(check(getgroupsRaw(0, null), 'getgroups'))
  return [...list.subarray(0, check(getgroupsRaw(list.length, list), 'getgroups'))]
}

/** setgroups(2) @throws {PosixError} EPERM, EINVAL */
export function setgroups(groups: readonly number[]): void
export function setgroups(groups: readonly number[], more?: unknown): void {
  noMore(more, 'setgroups(groups)')
  check(setgroupsRaw(BigInt(groups.length), Uint32Array.from(groups.map((gid) => id(gid)))), 'setgroups')
}

/** Makes this process the leader of a new session and group. @returns its id. setsid(2) @throws {PosixError} EPERM: leads a group already */
export const setsid = (): Pid => check(setsidRaw(), 'setsid') as Pid
/** Session of a process, 0 for the caller. getsid(2) @throws {PosixError} ESRCH */
export function getsid(pid: PidArgument = 0): Pid {
  int('pid', pid)
  return check(getsidRaw(pid), 'getsid', { pid }) as Pid
}
/** Process group of a process, 0 for the caller. getpgid(2) @throws {PosixError} ESRCH */
export function getpgid(pid: PidArgument = 0): Pid {
  int('pid', pid)
  return check(getpgidRaw(pid), 'getpgid', { pid }) as Pid
}
/** Process group of the caller. getpgrp(2) */
export const getpgrp = (): Pid => getpgid(0)
