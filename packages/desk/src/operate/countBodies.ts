import type { TakeBody } from '../intake/createBodyTaker.ts'
import type { Metrics, Sent } from './createMetrics.ts'

/** The same taker of bodies, counted. */
export function countBodies(takeBody: TakeBody, metrics: Pick<Metrics, 'body' | 'steps'>): TakeBody {
  return async (body) => {
    const sent: Sent = { signal: body.signal ?? 'traces', sender: body.claimed ? 'browser' : 'server' }
    try {
      const taken = await takeBody(body)
      if (taken.outcome === 'taken') {
        const { kept, rejected } = taken
        metrics.steps({ ...sent, kept, rejected })
        metrics.body({ ...sent, outcome: rejected > 0 ? 'partial' : 'taken' })
      } else metrics.body({ ...sent, outcome: taken.outcome })
      return taken
    } catch (error) {
      metrics.body({ ...sent, outcome: 'failed' })
      throw error
    }
  }
}
