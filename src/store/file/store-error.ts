/** The store refuses a file: it is in use, damaged, or not a store. The message says which and what to do. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
}
