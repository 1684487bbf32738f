/** `text:FILE`: the bare lines. */
import { formats } from '../file/formats/index.js'
import { fileSink } from './file-sink.js'

export const textSink = fileSink(formats.text, {
  form: 'text:FILE',
  promise: 'what was answered is in the file once, as a line and no more, and fdatasync(2) has returned for it',
  linesOnly: true,
})
