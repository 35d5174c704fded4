// Sends bodies of steps to a desk from a process of its own, at full speed or at a pace; see `startSender`.
import { gzipSync } from 'node:zlib'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { createActions } from './createActions.ts'

const load = JSON.parse(process.argv[2]!) as Load
const { url, key, connections, stepsPerBody } = load
const makeAction = createActions()
const made = 'bodies' in load ? Array.from({ length: load.bodies }, makeBody) : []
process.send?.('ready')
process.once('message', async () => {
  const statuses: Record<number, number> = {}
  const begun = performance.now()
  const next = 'bodies' in load ? fromStock(load) : atPace(load, begun)
  await Promise.all(
    Array.from({ length: connections }, async () => {
      for (let body = await next(); body; body = await next()) {
        // 0: the desk has cut it off.
        const status = await send(body).catch(() => 0)
        statuses[status] = (statuses[status] ?? 0) + 1
      }
    }),
  )
  const sent: Sent = { statuses, seconds: (performance.now() - begun) / 1000 }
  process.send?.(sent)
  process.disconnect()
})

export type Load = BodiesLoad | PacedLoad

interface AnyLoad {
  readonly url: string
  readonly key: string
  readonly connections: number
  readonly stepsPerBody: number
}

/** Made before, and sent at full speed. */
export interface BodiesLoad extends AnyLoad {
  readonly bodies: number
  /** How often all of them are sent. @default 1 */
  readonly again?: number
}

/** Made as they are sent. */
export interface PacedLoad extends AnyLoad {
  /** Steps, as long as the desk takes them. */
  readonly perSecond: number
  readonly seconds: number
}

export interface Sent {
  readonly statuses: Readonly<Record<number, number>>
  readonly seconds: number
}

type Body = Buffer<ArrayBuffer>

function fromStock({ again = 1 }: BodiesLoad): () => Promise<Body | undefined> {
  const stock = Array.from({ length: again }, () => made).flat()
  return async () => stock.pop()
}

function atPace({ perSecond, seconds }: PacedLoad, begun: number): () => Promise<Body | undefined> {
  let turn = 0
  return async () => {
    const afterMs = (turn++ * stepsPerBody * 1000) / perSecond
    if (afterMs > seconds * 1000 || performance.now() - begun > seconds * 1000) return undefined
    const body = makeBody()
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + afterMs - performance.now())))
    return body
  }
}

async function send(body: Body): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip', authorization: `Bearer ${key}` }
  const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.status
}

/** Of 500 steps: fifty actions, ten steps each. Of more: more of both. */
function makeBody(): Body {
  const perTrail = Math.ceil(Math.sqrt(stepsPerBody / 5))
  const steps: Step[] = []
  while (steps.length < stepsPerBody) {
    const trail: Step[] = []
    const first = makeAction(Date.now() - 5000)
    trail.push(...first.browser, ...first.api, ...first.worker)
    // More steps than one action has are other actions' steps under its reference.
    while (trail.length < perTrail) {
      const { browser, api, worker } = makeAction(Date.now() - 5000)
      const { reference } = first
      const traceId = first.api[0]!.traceId
      trail.push(...[...browser, ...api, ...worker].map((step) => ({ ...step, reference, traceId })))
    }
    steps.push(...trail.slice(0, Math.min(perTrail, stepsPerBody - steps.length)))
  }
  return gzipSync(JSON.stringify(encodeOtlp(steps)), { level: 1 })
}
