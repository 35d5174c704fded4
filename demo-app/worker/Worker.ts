import type { ServerWaybill } from '@waybill/server'
import type { TracedDatabase } from '@waybill/server/sql'
import type { LanguageModel } from 'ai'
import type { Pool, PoolClient } from 'pg'
import type { Logger } from 'pino'

/** What the worker's jobs are given. */
export interface Worker {
  readonly waybill: ServerWaybill
  readonly pool: Pool
  readonly database: TracedDatabase<PoolClient>
  readonly log: Logger
  readonly model: LanguageModel
  /** How long to wait for the model's answer, milliseconds. */
  readonly stallMs: number
}
