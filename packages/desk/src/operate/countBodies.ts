import type { TakeBody } from '../intake/createBodyTaker.ts'
import type { GaugeSource, Metrics, Sent } from './createMetrics.ts'

/** The same taker of bodies, timed and counted. */
export function countBodies(takeBody: TakeBody, metrics: Pick<Metrics, 'body' | 'steps'>): CountedBodies {
  let underWay = 0
  return {
    gauges: { bodies_under_way: { help: 'Bodies whose steps are not durable yet', read: () => underWay } },
    async takeBody(body) {
      const { signal, claimed } = body
      const sent: Sent = { signal, sender: claimed ? 'browser' : 'server' }
      const begun = performance.now()
      underWay++
      try {
        const taken = await takeBody(body)
        const durationMs = performance.now() - begun
        if (taken.outcome === 'taken') {
          const { kept, rejected } = taken
          metrics.steps({ ...sent, kept, rejected })
          metrics.body({ ...sent, outcome: rejected > 0 ? 'partial' : 'taken', durationMs })
        } else metrics.body({ ...sent, outcome: taken.outcome, durationMs })
        return taken
      } catch (error) {
        metrics.body({ ...sent, outcome: 'failed', durationMs: performance.now() - begun })
        throw error
      } finally {
        underWay--
      }
    },
  }
}

export interface CountedBodies {
  readonly takeBody: TakeBody
  readonly gauges: Readonly<Record<string, GaugeSource>>
}
