import type { OpenStep, ServerWaybill } from '@waybill/server'
import type { Pool, PoolClient } from 'pg'

/** What stands between the shop and its worker, whichever broker it is. */
export interface Queue {
  /** Queues a refund for the worker, if the caller's transaction commits. It is tried three times, then set aside for a person. */
  sendRefund(client: PoolClient, refund: RefundJob): Promise<void>
  sendNightlySync(): Promise<void>
  /** Works on all of it, and lets the clock start the nightly sync. */
  work(jobs: Jobs): Promise<void>
  stop(): Promise<void>
}

export interface RefundJob {
  readonly refundId: string
  readonly orderId: string
}

export interface RefundAttempt {
  readonly data: RefundJob
  /** From 1. */
  readonly attempt: number
}

/** What of a step its job may say. */
export type JobStep = Pick<OpenStep, 'note' | 'effect'>

export interface Jobs {
  reviewRefund(job: RefundAttempt, step: JobStep): Promise<void>
  handOver(job: RefundAttempt, step: JobStep): Promise<void>
  nightlySync(): Promise<void>
}

export interface QueueOptions {
  readonly waybill: ServerWaybill
  /** `shop` sends, and makes what is missing; `worker` works. */
  readonly role: 'shop' | 'worker'
  readonly databaseUrl: string
  readonly pool: Pool
  /** Of a Redis with BullMQ in place of pg-boss, and the prefix of this run's keys. */
  readonly redis?: { readonly url: string; readonly prefix: string } | undefined
  /** How long the worker waits for the model, milliseconds. */
  readonly stallMs: number
  readonly onError: (error: Error) => void
}

export const REFUNDS = 'refunds'
export const REFUNDS_DEAD = 'refunds-dead'
export const NIGHTLY_SYNC = 'nightly-sync'
