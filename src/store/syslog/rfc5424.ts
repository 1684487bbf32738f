/** A syslog message as RFC 5424, section 6, has it. */
import { isUtf8 } from 'node:buffer'
import { Scanner, Unexpected } from './scanner.js'

/** Section 6.2.1; the names are those of syslog.h, and what Linux has for those that it does not name. */
const FACILITIES = (
  'kern user mail daemon auth syslog lpr news uucp cron authpriv ftp ntp audit alert clock ' +
  'local0 local1 local2 local3 local4 local5 local6 local7'
).split(' ')
const SEVERITIES = 'emerg alert crit err warning notice info debug'.split(' ')

/** What a message says; what it leaves out, with `-`, is left out here. */
export interface SyslogMessage {
  facility: string
  severity: string
  /** As it was sent: it may have microseconds, and an offset of its own. */
  timestamp?: string
  hostname?: string
  appName?: string
  procId?: string
  msgId?: string
  /** Parameters by the id of their element. One that is there several times has all its values. */
  structuredData?: Record<string, Record<string, string | string[]>>
  /** Without a newline at its end. Left out when there is none, also when it is not UTF-8: its bytes are in the message. */
  msg?: string
}

const PRI = /<(0|[1-9]\d{0,2})>/y
const VERSION = /[1-9]\d{0,2} /y
/** The last second of a minute may not be 60: section 6.2.3. */
const TIMESTAMP =
  /(?:-|\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)) /y
const SD_NAME = /[!#-<>-\\^-~]{1,32}/y
const UNESCAPED = /[^"\\\]]*/y
const BOM = '\ufeff'
const MOST_PRI = 191

/** PRINTUSASCII of up to so many characters, and the blank behind it. */
const printed = (most: number): RegExp => new RegExp(`[!-~]{1,${most}} `, 'y')
const [HOSTNAME, APP_NAME, PROC_ID] = [printed(255), printed(48), printed(128)]
/** Nothing but a blank and the message may follow what comes behind it. */
const MSG_ID = printed(32)

const known = (word: string): string | undefined => (word === '- ' ? undefined : word.slice(0, -1))

/**
 * Reads a message.
 *
 * @returns what it says, or why it is none
 */
export function parseSyslog(message: Buffer): SyslogMessage | string {
  try {
    return parse(message)
  } catch (error) {
    if (error instanceof Unexpected) return error.message
    throw error
  }
}

function parse(message: Buffer): SyslogMessage {
  const scanner = new Scanner(message.toString('utf8'))
  const pri = Number(scanner.take(PRI, 'a priority like <13>')[1])
  if (pri > MOST_PRI) throw new Unexpected(`expected a priority of at most ${MOST_PRI}, got ${pri}`)
  const [version] = scanner.take(VERSION, 'a version and a blank')
  if (version !== '1 ') throw new Unexpected(`expected version 1, got ${version.trim()}`)
  const parsed: SyslogMessage = {
    facility: FACILITIES[pri >> 3] as string,
    severity: SEVERITIES[pri & 7] as string,
  }
  const note = <Key extends 'timestamp' | 'hostname' | 'appName' | 'procId' | 'msgId'>(
    key: Key,
    pattern: RegExp,
    what: string,
  ): void => {
    const value = known(scanner.take(pattern, what)[0])
    if (value !== undefined) parsed[key] = value
  }
  note('timestamp', TIMESTAMP, 'a time like 2026-01-31T12:00:00.123Z, or -')
  note('hostname', HOSTNAME, 'a host name, or -')
  note('appName', APP_NAME, 'the name of a program, or -')
  note('procId', PROC_ID, 'the id of a process, or -')
  note('msgId', MSG_ID, 'the id of the message, or -')
  const data = structuredData(scanner)
  if (data !== undefined) parsed.structuredData = data
  if (!scanner.over) scanner.expect(' ', 'a blank before the message')
  scanner.skip(BOM)
  // of a counted message: rsyslog's own formats end with one
  const rest = scanner.rest.replace(/\n$/, '')
  if (rest !== '' && isUtf8(message)) parsed.msg = rest
  return parsed
}

function structuredData(scanner: Scanner): SyslogMessage['structuredData'] {
  if (scanner.skip('-')) return undefined
  const data: NonNullable<SyslogMessage['structuredData']> = Object.create(null)
  do {
    scanner.expect('[', 'structured data like [id name="value"], or -')
    const [id] = scanner.take(SD_NAME, 'the id of structured data')
    data[id] ??= Object.create(null) as Record<string, string | string[]>
    const params = data[id]
    while (scanner.skip(' ')) {
      const [name] = scanner.take(SD_NAME, 'the name of a parameter')
      scanner.expect('=', '=')
      const value = paramValue(scanner)
      const before = params[name]
      params[name] = before === undefined ? value : [before, value].flat()
    }
    scanner.expect(']', '] or a blank')
  } while (scanner.comes('['))
  return data
}

/** Before `"`, `\` and `]` a backslash is not part of the value; before all else it is. Section 6.3.3 */
function paramValue(scanner: Scanner): string {
  scanner.expect('"', 'a value in quotes')
  for (let value = ''; ; ) {
    value += scanner.take(UNESCAPED, 'a value')[0]
    if (scanner.skip('"')) return value
    scanner.expect('\\', '" at the end of a value, and \\ before ]')
    const escaped = ['"', '\\', ']'].find((character) => scanner.skip(character))
    value += escaped ?? '\\'
  }
}
