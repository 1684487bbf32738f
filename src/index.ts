/// <reference types="node" preserve="true" />
/** The public surface of Tined. */

// to be a client
export { type ConnectOptions, connect } from './client/connect.js'
export type { Target } from './client/target.js'
// to fork by hand
export { closeOnFork } from './fork/close-on-fork.js'
export { type ForkOptions, fork } from './fork/fork.js'
export { ForkRefused } from './fork/safety.js'
export type { SocketAddress } from './libc/address.js'
export { PosixError } from './libc/posix-error.js'
export type { Connection, ConnectionFunction, ConnectionHandler, Handler } from './server/connection/contract.js'
// to tell errors apart
export { ConnectionTimeout, LineTooLong } from './server/connection/limits.js'
export type { LineOptions } from './server/connection/line-options.js'
export type { Model, ServeOptions } from './server/options.js'
// to serve
export { type Server, serve } from './server/serve.js'
export type { TlsAgreement } from './server/tls/agreement.js'
export type { KeyPair, Pem, TlsOptions } from './server/tls/options.js'
export type { ConnectionEnd, ConnectionInfo, Stats } from './supervisor/channel.js'
export { type ServerExit, StartError } from './supervisor/launcher/launched.js'
