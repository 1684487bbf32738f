/// <reference types="node" preserve="true" />
/** What `tined/store` exports. */
export { PosixError } from '../libc/posix-error.js'
export type { Stored } from '../store/appending/appender.js'
export type { Durability } from '../store/durability.js'
export { StoreError } from '../store/file/store-error.js'
export { type ReadOptions, read } from '../store/reading/read.js'
export type { StoredMessage } from '../store/reading/stored-message.js'
export { type OpenStoreOptions, openStore, type StoreLog } from './open-store.js'
export { type StoreOptions, store } from './store.js'
