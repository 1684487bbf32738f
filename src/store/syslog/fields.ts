/** What a record keeps of a syslog message beside its bytes. */
import { type Fields, MOST_FIELDS_BYTES } from '../fields.js'
import { parseSyslog } from './rfc5424.js'

/** A message of so many bytes has room in any case: JSON makes six of one at most, and the names are few. */
const SURELY_FITS_BYTES = 5000

const fits = (fields: Fields): boolean => Buffer.byteLength(JSON.stringify(fields)) <= MOST_FIELDS_BYTES

/**
 * `syslog` with what the message says, or `syslogError` with the reason why it is not of RFC 5424. Text that would be too much beside the
 * message is left out: it is in the message.
 */
export function syslogFields(message: Buffer): Fields {
  const syslog = parseSyslog(message)
  if (typeof syslog === 'string') return { syslogError: syslog }
  if (message.length <= SURELY_FITS_BYTES || fits({ syslog })) return { syslog }
  const { msg: _msg, ...head } = syslog
  if (fits({ syslog: head })) return { syslog: head }
  return { syslogError: `structured data are more than ${MOST_FIELDS_BYTES} bytes` }
}
