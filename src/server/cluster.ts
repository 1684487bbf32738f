/** Whether this process is one of several that were started with the same program. */

/** Whether whoever started it talks with it; only then can it be one of several. */
export const hasChannel = (): boolean => process.channel !== undefined

/**
 * Started by `node:cluster`, as PM2 does in cluster mode: each is to have the same ports. The module is loaded for those who have a
 * channel: elsewhere it would make this process a primary, and cost milliseconds.
 */
export const isOfCluster = async (): Promise<boolean> => (await import('node:cluster')).default.isWorker
