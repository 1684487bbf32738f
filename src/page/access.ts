/** Who may see the page where a token is asked for: who sends it, or has sent it once and got a cookie for it. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

const TOKEN = /^[\x21-\x7e]{16,256}$/

/**
 * What was typed as one; undefined for none.
 *
 * @throws {TypeError} one that is short, or that a header cannot carry
 */
export function tokenFrom(token: string | undefined): string | undefined {
  if (token === undefined || token === '') return undefined
  if (TOKEN.test(token)) return token
  throw new TypeError(`--token: expected 16 to 256 printable characters without blanks, got ${token.length}`)
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
/** In a time that tells nothing of where they differ. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digest(one), digest(other))

export class Access {
  readonly #token: string | undefined
  /** What the cookie holds: of this process only, and not the token itself. */
  readonly #session = randomBytes(24).toString('base64url')
  /** Cookies know no ports: two pages of one machine are not to take each other's. */
  readonly #cookie = `tined-page-${randomBytes(4).toString('hex')}`

  constructor(token: string | undefined) {
    this.#token = token
  }

  get asksForToken(): boolean {
    return this.#token !== undefined
  }

  isAllowed({ authorization, cookie }: IncomingHttpHeaders): boolean {
    if (this.#token === undefined) return true
    const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
    if (bearer !== undefined) return isSame(bearer, this.#token)
    const own = cookie?.split(/; */).find((each) => each.startsWith(`${this.#cookie}=`))
    return own !== undefined && isSame(own.slice(this.#cookie.length + 1), this.#session)
  }

  /** The cookie for who comes with the token in the address, and is to go on without it there; undefined for a wrong one. */
  cookieFor(token: string): string | undefined {
    if (this.#token === undefined || !isSame(token, this.#token)) return undefined
    return `${this.#cookie}=${this.#session}; HttpOnly; SameSite=Strict; Path=/`
  }
}
