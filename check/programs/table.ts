/** Which packages, in which versions, and what each run needs. */

export interface Program {
  /** As `--only` names it, and as its file in apps/ is called unless `app` says otherwise. */
  readonly name: string
  readonly app?: string
  /** Pinned, the first is the one that the row is about; none: a part of Node. */
  readonly packages: readonly string[]
  /** A service that has to run. */
  readonly service?: 'postgres' | 'redis' | 'nats'
  /** What answers on the other side: a kind of apps/upstream.mjs. */
  readonly upstream?: 'http' | 'https' | 'ws' | 'nats'
  /** Each name has to be found once in what was logged, exported or stored. */
  readonly logs?: true
  /** Has to be compiled for each Node. */
  readonly compiled?: true
  /** How it is started, if not by `node main.mjs`. */
  readonly start?: 'tsx' | 'pm2' | 'pm2-cluster' | 'vitest'
  /** Versions of Node that it is not for, and why. */
  readonly notOn?: (major: number) => string | undefined
  /** What Tined is right to refuse, and the words in which it has to name it. */
  readonly refused?: { readonly opened: Opened; readonly words: RegExp }
  /** What cannot work on one Node, and the words in which each client's handler has to fail. */
  readonly fails?: { readonly opened: Opened; readonly major: number; readonly words: RegExp }
}

export const OPENED = ['before', 'handler'] as const
export type Opened = (typeof OPENED)[number]
export const MODELS = ['fork', 'multiplex'] as const
export type Model = (typeof MODELS)[number]

const PG = 'pg@8.23.1'

export const programs: readonly Program[] = [
  { name: 'pg', packages: [PG], service: 'postgres' },
  { name: 'knex', packages: ['knex@3.3.0', PG], service: 'postgres' },
  { name: 'drizzle', packages: ['drizzle-orm@0.45.4', PG], service: 'postgres' },
  { name: 'ioredis', packages: ['ioredis@6.0.0'], service: 'redis' },
  { name: 'fetch', packages: [], upstream: 'http' },
  { name: 'http', packages: [], upstream: 'http' },
  { name: 'https', packages: [], upstream: 'https' },
  { name: 'undici', packages: ['undici@7.30.2'], upstream: 'http' },
  { name: 'axios', packages: ['axios@1.21.1'], upstream: 'http' },
  { name: 'nats', packages: ['@nats-io/transport-node@3.4.0'], service: 'nats', upstream: 'nats' },
  { name: 'ws', packages: ['ws@8.23.0'], upstream: 'ws' },
  { name: 'express', packages: ['express@5.3.0'] },
  { name: 'fastify', packages: ['fastify@5.12.8'] },
  { name: 'better-sqlite3', packages: ['better-sqlite3@12.11.1'], compiled: true, logs: true },
  {
    name: 'node-sqlite',
    packages: [],
    logs: true,
    notOn: (major) => (major < 22 ? 'node:sqlite came with Node 22' : undefined),
  },
  { name: 'pino', packages: ['pino@10.4.0'], logs: true },
  {
    name: 'pino-transport',
    packages: ['pino@10.4.0'],
    logs: true,
    refused: { opened: 'before', words: /^[^.]*a Worker/ },
  },
  { name: 'winston', packages: ['winston@3.19.0'], logs: true },
  { name: 'zod', packages: ['zod@4.6.7'] },
  {
    name: 'sharp',
    packages: ['sharp@0.35.5'],
    refused: { opened: 'before', words: /^[^.]*libvips|^[^.]*\d other threads? (is|are) running/ },
  },
  { name: 'bcrypt', packages: ['bcrypt@6.0.0'] },
  { name: 'piscina', packages: ['piscina@5.3.2'], refused: { opened: 'before', words: /^[^.]*a Worker/ } },
  {
    name: 'opentelemetry',
    packages: [
      '@opentelemetry/sdk-trace-node@2.2.0',
      '@opentelemetry/exporter-trace-otlp-http@0.220.0',
      '@opentelemetry/api@1.9.0',
    ],
    upstream: 'http',
    logs: true,
  },
  { name: 'sentry', packages: ['@sentry/node@11.12.0'], upstream: 'http', logs: true },
  {
    name: 'tsx',
    app: 'typescript.ts',
    packages: ['tsx@4.23.15'],
    start: 'tsx',
    // its hooks run in a thread there
    fails: { opened: 'handler', major: 20, words: /Unknown file extension \\?".ts/ },
  },
  { name: 'pm2', packages: ['pm2@7.0.4'], start: 'pm2' },
  { name: 'pm2-cluster', app: 'pm2.mjs', packages: ['pm2@7.0.4'], start: 'pm2-cluster' },
  { name: 'vitest', packages: ['vitest@4.1.12'], start: 'vitest' },
]
