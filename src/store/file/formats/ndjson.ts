/** Format `ndjson`: a JSON object on each line, with a checksum. */
import type { Format } from '../format.js'
import { addRecord, decodeRecord, isWhole } from '../record.js'

const BEGIN = Buffer.from('{"seq":')

export const ndjson: Format = {
  keepsFields: true,
  add: addRecord,
  isWhole,
  // a file system may have made the file longer without having written the bytes
  mayBegin: (bytes) => BEGIN.indexOf(bytes.subarray(0, BEGIN.length)) === 0 || bytes.every((byte) => byte === 0),
  seqOf: (line) => decodeRecord(line)?.seq ?? 0,
  batchOf(line) {
    const record = decodeRecord(line)
    return record?.batch ?? record?.seq ?? 0
  },
  decode: decodeRecord,
}
