/** Whether the packages are installed that speak to NATS: Tined itself does without. */
import { createRequire } from 'node:module'
import { StoreError } from '../file/store-error.js'

const PACKAGES = ['@nats-io/transport-node', '@nats-io/jetstream']

/** @throws {StoreError} they are not */
export function assertClientPackages(): void {
  const { resolve } = createRequire(import.meta.url)
  try {
    for (const name of PACKAGES) resolve(name)
  } catch {
    throw new StoreError(`a nats: sink needs the client of NATS: npm install ${PACKAGES.join(' ')}`)
  }
}
