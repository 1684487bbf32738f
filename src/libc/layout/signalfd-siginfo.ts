/** struct signalfd_siginfo. Pure. signalfd(2) */
import { here } from './tables.js'

const { size, members } = here.signalfd_siginfo
export const SIGNALFD_SIGINFO_BYTES = size

/** A signal, as a signalfd tells of it; which members mean something depends on `ssi_code`. sigaction(2) */
export interface signalfd_siginfo {
  /** The signal's number. */
  ssi_signo: number
  /** Why it was sent: SI_USER, SI_QUEUE, CLD_EXITED, … */
  ssi_code: number
  /** Who sent it; for SIGCHLD the child. */
  ssi_pid: number
  /** The sender's real user id. */
  ssi_uid: number
  /** For SIGCHLD: exit status or signal. */
  ssi_status: number
  /** The integer that sigqueue(3) sent. */
  ssi_int: number
}

/** Decodes the whole structs in the first `bytes` of a buffer. */
export function decodeSiginfos(buffer: Buffer, bytes: number): signalfd_siginfo[] {
  return Array.from({ length: Math.floor(bytes / size) }, (_, index) => {
    const at = index * size
    return {
      ssi_signo: buffer.readUInt32LE(at + members.ssi_signo[0]),
      ssi_code: buffer.readInt32LE(at + members.ssi_code[0]),
      ssi_pid: buffer.readUInt32LE(at + members.ssi_pid[0]),
      ssi_uid: buffer.readUInt32LE(at + members.ssi_uid[0]),
      ssi_status: buffer.readInt32LE(at + members.ssi_status[0]),
      ssi_int: buffer.readInt32LE(at + members.ssi_int[0]),
    }
  })
}
