/** An operator of NATS, an account and a user of it, as `nsc` makes them: what a server is told, and the user's file of credentials. */
import { randomUUID } from 'node:crypto'
import { nkeys } from '@nats-io/transport-node'

type Keys = ReturnType<typeof nkeys.createUser>

/** A JWT as servers read it. @param nats what it says beside who says it of whom */
function signed(issuer: Keys, subject: Keys, name: string, nats: object): string {
  const part = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64url')
  const times = { jti: randomUUID(), iat: Math.floor(Date.now() / 1000) }
  const who = { iss: issuer.getPublicKey(), sub: subject.getPublicKey(), name }
  const claim = `${part({ typ: 'JWT', alg: 'ed25519-nkey' })}.${part({ ...times, ...who, nats })}`
  return `${claim}.${Buffer.from(issuer.sign(Buffer.from(claim))).toString('base64url')}`
}

export interface Credentials {
  /** Of the server's file. */
  readonly server: string
  /** The user's file. */
  readonly user: string
}

export function makeCredentials(): Credentials {
  const [operator, user] = [nkeys.createOperator(), nkeys.createUser()]
  // JetStream wants one of the system's
  const [account, system] = [nkeys.createAccount(), nkeys.createAccount()]
  const unlimited = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 }
  const storage = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 }
  const accountOf = (keys: Keys, name: string, limits: object): string =>
    `${keys.getPublicKey()}: ${signed(operator, keys, name, { limits: { ...unlimited, ...limits }, type: 'account', version: 2 })}`
  const operatorToken = signed(operator, operator, 'operator', { type: 'operator', version: 2 })
  const limits = { pub: {}, sub: {}, subs: -1, data: -1, payload: -1 }
  const userToken = signed(account, user, 'user', { ...limits, type: 'user', version: 2 })
  const seed = Buffer.from(user.getSeed()).toString()
  const framed = (what: string, content: string): string =>
    `-----BEGIN ${what}-----\n${content}\n------END ${what}------\n\n`
  return {
    server: [
      `operator: ${operatorToken}`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      `resolver_preload: { ${accountOf(account, 'account', storage)}, ${accountOf(system, 'system', {})} }\n`,
    ].join('\n'),
    user: framed('NATS USER JWT', userToken) + framed('USER NKEY SEED', seed),
  }
}
