import { parseArgs } from 'node:util'

/** What `npm start` was asked for, from flags (`npm start -- --stall-ms 2000`) or environment variables. */
export interface DemoOptions {
  readonly shopPort: number
  readonly deskPort: number
  /** How long the worker waits for the model, milliseconds. */
  readonly stallMs: number
  readonly databaseUrl: string | undefined
  /** Of the Redis on which BullMQ is the queue; without it pg-boss is, in the database. */
  readonly redisUrl: string | undefined
  readonly modelUrl: string | undefined
  readonly modelKey: string | undefined
}

export const HELP = `npm start [-- OPTIONS]

Runs the demo: a shop, its API, a queue, a worker, a stand-in model and the desk, on this machine only.

  --port N         the shop's port                                  [PORT, 4000]
  --desk-port N    the desk's port                                  [DESK_PORT, 4100]
  --stall-ms N     how long the worker waits for the model, in ms   [WAYBILL_DEMO_STALL_MS, 30000]
  --queue NAME     pg-boss, or bullmq on Redis                      [WAYBILL_DEMO_QUEUE, pg-boss]
  --help           this text

  WAYBILL_DESK_TOKEN              a token that only reads the desk, beside the one that is made and printed
  WAYBILL_DEMO_DATABASE_URL       a real PostgreSQL instead of the embedded one; uses schemas of its own
  WAYBILL_DEMO_REDIS_URL          the Redis of --queue bullmq, redis://127.0.0.1:6379 when not set; keys of its own
  WAYBILL_DEMO_OPENAI_BASE_URL    a real model provider that speaks the OpenAI chat API
  WAYBILL_DEMO_OPENAI_API_KEY     its key
`

/** Reads flags and environment; an error in words when a value cannot be used. */
export function readOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): DemoOptions | { readonly problem: string } | 'help' {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        'desk-port': { type: 'string' },
        'stall-ms': { type: 'string' },
        queue: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help) return 'help'
    return {
      shopPort: whole('--port', values.port ?? env['PORT'] ?? '4000', 65_535),
      deskPort: whole('--desk-port', values['desk-port'] ?? env['DESK_PORT'] ?? '4100', 65_535),
      stallMs: whole('--stall-ms', values['stall-ms'] ?? env['WAYBILL_DEMO_STALL_MS'] ?? '30000', 600_000),
      databaseUrl: env['WAYBILL_DEMO_DATABASE_URL'] || undefined,
      redisUrl: redisFor(values.queue ?? (env['WAYBILL_DEMO_QUEUE'] || 'pg-boss'), env['WAYBILL_DEMO_REDIS_URL']),
      modelUrl: env['WAYBILL_DEMO_OPENAI_BASE_URL'] || undefined,
      modelKey: env['WAYBILL_DEMO_OPENAI_API_KEY'] || undefined,
    }
  } catch (error) {
    return { problem: `[waybill] ${error instanceof Error ? error.message : String(error)}` }
  }
}

function redisFor(queue: string, url: string | undefined): string | undefined {
  if (queue === 'pg-boss') return undefined
  if (queue !== 'bullmq') {
    throw new Error(`--queue is "${queue}", which is none of the demo's queues. Give it pg-boss or bullmq.`)
  }
  const { protocol } = URL.parse(url || REDIS_URL) ?? {}
  if (protocol === 'redis:' || protocol === 'rediss:') return url || REDIS_URL
  throw new Error('WAYBILL_DEMO_REDIS_URL is no address of a Redis. Write it like redis://127.0.0.1:6379.')
}

const REDIS_URL = 'redis://127.0.0.1:6379'

function whole(name: string, text: string, most: number): number {
  const value = Number(text)
  if (/^\d{1,7}$/.test(text) && value > 0 && value <= most) return value
  throw new Error(
    `${name} is "${text}", which is not a whole number from 1 to ${most}. Give it one, for example ${name} 4000.`,
  )
}
