import { generateText, isStepCount, tool } from 'ai'
import { z } from 'zod'
import { SCHEMA } from '../database/schema.ts'
import type { JobStep, RefundAttempt } from '../queue/Queue.ts'
import type { Worker } from './Worker.ts'

/** One attempt to decide a refund: asks the model, which looks at the order's charges, and pays out when it approves. */
export async function reviewRefund(
  { pool, database, log, model, stallMs }: Worker,
  { data, attempt }: RefundAttempt,
  step: JobStep,
): Promise<void> {
  const { refundId, orderId } = data
  step.note({ refund: refundId, order: orderId })
  log.info({ refund: refundId, attempt }, 'refund review began')
  try {
    const { text } = await generateText({
      model,
      // Attempts are the queue's, so that they are counted in one place.
      maxRetries: 0,
      abortSignal: AbortSignal.timeout(stallMs),
      stopWhen: isStepCount(4),
      instructions: 'You review refunds. Look the charges up first. Answer APPROVE or REFER.',
      prompt: `Should the refund of order ${orderId} be paid out?`,
      tools: {
        lookup_charges: tool({
          description: 'The charges of an order.',
          inputSchema: z.object({ orderId: z.string() }),
          execute: async () => ({ charges: await chargesOf(orderId) }),
        }),
      },
    })
    if (text.trim() !== 'APPROVE') throw new Error('The model did not approve the refund.')
  } catch (error) {
    log.warn({ refund: refundId, attempt, error: nameOf(error) }, 'refund review failed')
    throw error
  }
  await database.transaction('pay the refund out', (client) =>
    client.query(`UPDATE ${SCHEMA}.refunds SET status = 'refunded' WHERE id = $1`, [refundId]),
  )
  step.effect('done')
  log.info({ refund: refundId, attempt }, 'refund paid out')

  async function chargesOf(order: string) {
    const { rows } = await pool.query<{ id: string; amountCents: number }>(
      `SELECT id, amount_cents AS "amountCents" FROM ${SCHEMA}.charges WHERE order_id = $1`,
      [order],
    )
    return rows
  }
}

/** The class of an error only: what a model library says in a message may hold the prompt. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error
}
