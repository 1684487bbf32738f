/** `FILE`: records in NDJSON. */
import { formats } from '../file/formats/index.js'
import { fileSink } from './file-sink.js'

export const ndjsonSink = fileSink(formats.ndjson, {
  form: 'FILE',
  rotates: true,
  promise:
    'what was answered is in the file once, with who sent it, when, and a checksum, and fdatasync(2) has returned for it',
})
