/** Certificates of a run: an authority, and what it vouches for. openssl(1) */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'no openssl: apt-get install openssl'

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

function openssl(folder: string, ...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`)
}

/** Makes `NAME.pem` and `NAME.key` of one that vouches for itself. @returns the path of the first */
export function makeAuthority(folder: string, name: string): string {
  const out = ['-keyout', `${name}.key`, '-out', `${name}.pem`, '-subj', `/CN=${name}`]
  openssl(folder, 'req', '-x509', ...NEW_KEY, '-days', '2', ...out)
  return join(folder, `${name}.pem`)
}

/**
 * Makes `NAME.pem` and `NAME.key`, for which an authority vouches.
 *
 * @param alternative `IP:127.0.0.1`, `DNS:localhost`
 */
export function makeCertificate(folder: string, authority: string, name: string, alternative: string): string {
  const out = ['-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`]
  openssl(folder, 'req', ...NEW_KEY, ...out, '-addext', `subjectAltName=${alternative}`)
  const by = ['-CA', `${authority}.pem`, '-CAkey', `${authority}.key`, '-CAcreateserial', '-copy_extensions', 'copy']
  openssl(folder, 'x509', '-req', '-in', `${name}.csr`, ...by, '-days', '2', '-out', `${name}.pem`)
  return join(folder, `${name}.pem`)
}
