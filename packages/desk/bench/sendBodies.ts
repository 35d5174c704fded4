// Sends bodies of steps to a desk at full speed, from a process of its own; see `lookUpUnderLoad`.
import { gzipSync } from 'node:zlib'
import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'

const { url, key, connections, stepsPerBody, bodies: count, again = 1 } = JSON.parse(process.argv[2]!) as Load
const made = Array.from({ length: count }, bodyOfSteps)
const bodies = Array.from({ length: again }, () => made).flat()
process.send?.('ready')
process.once('message', async () => {
  const statuses: Record<number, number> = {}
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = bodies.pop(); body; body = bodies.pop()) {
        const status = await send(body)
        statuses[status] = (statuses[status] ?? 0) + 1
      }
    }),
  )
  const sent: Sent = { statuses, seconds: (performance.now() - begun) / 1000 }
  process.send?.(sent)
  process.disconnect()
})

export interface Load {
  readonly url: string
  readonly key: string
  readonly connections: number
  readonly stepsPerBody: number
  readonly bodies: number
  /** How often all of them are sent. @default 1 */
  readonly again?: number
}

export interface Sent {
  readonly statuses: Readonly<Record<number, number>>
  readonly seconds: number
}

async function send(body: Buffer<ArrayBuffer>): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', authorization: `Bearer ${key}` }
  const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.status
}

/** Of fifty actions, ten steps each, or more of both. */
function bodyOfSteps(): Buffer<ArrayBuffer> {
  const perTrail = Math.ceil(Math.sqrt(stepsPerBody / 5))
  const steps: Step[] = []
  while (steps.length < stepsPerBody) {
    const reference = mintReference()
    const first = mintSpanId()
    for (let index = 0; index < perTrail && steps.length < stepsPerBody; index++)
      steps.push({
        id: index === 0 ? first : mintSpanId(),
        parentId: index === 0 ? undefined : first,
        reference,
        traceId: traceIdOf(reference),
        hop: index === 0 ? 'api' : 'database',
        service: 'shop-api',
        name: index === 0 ? 'POST /api/refunds' : 'INSERT refunds',
        at: Date.now(),
        durationMs: 5,
        status: 'ok',
        facts: { order: `A-${first}` },
        attributes: { 'http.request.method': 'POST', 'http.response.status_code': 202, 'url.path': '/api/refunds' },
      })
  }
  return gzipSync(JSON.stringify(encodeOtlp(steps)), { level: 1 })
}
