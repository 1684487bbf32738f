/** A reporter for node:test: what the runner needs to know, a JSON line each, written as it happens. */
const types = new Set(['test:dequeue', 'test:complete', 'test:pass', 'test:fail'])

/** A failure in a line: node:test wraps what was thrown. */
const reason = (error) =>
  error === undefined
    ? undefined
    : String(error.cause?.message ?? error.message)
        .slice(0, 300)
        .replace(/\s+/g, ' ')

export default async function* events(source) {
  for await (const { type, data } of source) {
    if (!types.has(type)) continue
    const { name, nesting, line, column, skip, details } = data
    const suite = details?.type === 'suite'
    const test = [nesting, line, column, name].join(':')
    const why = suite ? undefined : reason(details?.error)
    // skip is true, or an empty text, where a test gives no reason
    yield `${JSON.stringify({ type, test, name, suite, why, ...(skip === undefined ? {} : { skip: String(skip) }) })}\n`
  }
}
