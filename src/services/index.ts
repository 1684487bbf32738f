/// <reference types="node" preserve="true" />
/** What `tined/store` exports. */
export { PosixError } from '../libc/posix-error.js'
export type { Ack } from '../store/ack.js'
export type { Stored } from '../store/appending/appender.js'
export type { Durability } from '../store/durability.js'
export type { Fields } from '../store/fields.js'
export { StoreError } from '../store/file/store-error.js'
export { Refusal, refuse } from '../store/hooks.js'
export { type ReadOptions, read } from '../store/reading/read.js'
export type { StoredMessage } from '../store/reading/stored-message.js'
export { type OpenStoreOptions, openStore, type StoreLog } from './open-store.js'
export { type StoreOptions, store } from './store.js'
