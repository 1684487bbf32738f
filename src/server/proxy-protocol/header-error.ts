/** What came is no header of the PROXY protocol, or breaks its rules. */
export class ProxyHeaderError extends Error {
  override readonly name = 'ProxyHeaderError'
  readonly code = 'EPROTO'
}
