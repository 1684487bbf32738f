/** Traced: users and groups. */
import * as posix from '../index.js'
import { traced } from './traced.js'

export const getuid = traced('getuid', posix.getuid)
export const geteuid = traced('geteuid', posix.geteuid)
export const getgid = traced('getgid', posix.getgid)
export const getegid = traced('getegid', posix.getegid)
export const getgroups = traced('getgroups', posix.getgroups)
export const setuid = traced('setuid', posix.setuid)
export const seteuid = traced('seteuid', posix.seteuid)
export const setgid = traced('setgid', posix.setgid)
export const setegid = traced('setegid', posix.setegid)
export const setgroups = traced('setgroups', posix.setgroups)
export const setreuid = traced('setreuid', posix.setreuid)
export const setregid = traced('setregid', posix.setregid)
export const setresuid = traced('setresuid', posix.setresuid)
export const setresgid = traced('setresgid', posix.setresgid)
