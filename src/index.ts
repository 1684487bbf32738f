/** The public surface of Tined. */

// to be a client
export { type ConnectOptions, connect } from './client/connect.js'
export type { Target } from './client/target.js'
export type { SocketAddress } from './posix/address.js'
export { PosixError } from './posix/posix-error.js'
export type { Stats } from './process/channel.js'
// to fork by hand
export { fork } from './process/fork.js'
export { type ServerExit, StartError } from './process/launcher.js'
export { ForkRefused } from './process/safety.js'
export type { Connection } from './server/connection.js'
// to tell errors apart
export { ConnectionTimeout } from './server/deadlines.js'
export type { ConnectionFunction, ConnectionHandler, Handler } from './server/handler.js'
export type { Model, ServeOptions } from './server/options.js'
// to serve
export { type Server, serve } from './server/serve.js'
