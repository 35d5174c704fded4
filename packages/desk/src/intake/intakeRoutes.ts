import { Hono } from 'hono'
import type { Context } from 'hono'
import type { OtlpSignal } from '@waybill/trail'
import { cors } from 'hono/cors'
import type { DeskAccess } from '../access/createAccess.ts'
import { createByteBudget } from '../createByteBudget.ts'
import type { Forwarder } from '../forward/createForwarder.ts'
import { problem } from '../problem.ts'
import { readBytes } from '../readBytes.ts'
import { mediaTypeOf } from './mediaTypeOf.ts'
import { protobufAnswer, protobufTypeOf } from './protobufAnswer.ts'
import { SIGNALS } from './signals.ts'
import type { Signal } from './signals.ts'
import type { BodyTaken, TakeBody } from './createBodyTaker.ts'

/**
 * `POST /v1/traces` and `/v1/logs`: take OTLP/HTTP in, JSON or protobuf, and answer in the same once every step is durable. `/v1/metrics`
 * takes what a stock SDK sends there when it is given one endpoint for all, and keeps none of it.
 */
export function intakeRoutes(options: IntakeOptions): Hono {
  const { takeBody, forward, access, inFlightBytes, onDropped, onError } = options
  // Whoever has the public key cannot take the servers' share.
  const budgets = { browser: createByteBudget(inFlightBytes / 4), server: createByteBudget((inFlightBytes * 3) / 4) }

  const allowed = cors({
    origin: access.allowedOrigin,
    allowMethods: ['POST'],
    allowHeaders: ['content-type', 'content-encoding'],
    exposeHeaders: ['retry-after'],
    maxAge: 86_400,
  })

  async function take(context: Context, { signal, isProtobuf }: Sent): Promise<Response> {
    const request = context.req.raw
    const admitted = await access.admit(context, ['ingest', 'browser'])
    if (!admitted.ok) return admitted.response
    const claimed = !admitted.identity.scopes.has('ingest')
    if (!isProtobuf && !isJson(request, claimed)) return NOT_OTLP()

    return await budgets[claimed ? 'browser' : 'server'].hold(async (reserve) => {
      const read = await readBytes(request, { ...(claimed ? BROWSER_BODY : SERVER_BODY), reserve })
      if (!read.ok) return UNREADABLE[read.reason]()
      const body = { bytes: read.bytes, encoding: isProtobuf ? 'protobuf' : 'json', claimed } as const
      // Before the bytes are given away to the store's thread.
      const sendOn = forward?.({ ...body, signal, via: request.headers.get('via'), reserve })
      if (signal === 'metrics') {
        if (sendOn) sendOn()
        else dropped(signal, 1)
        return context.json({})
      }
      const taken = await takeBody({ ...body, signal })
      if (taken.outcome === 'taken') sendOn?.()
      if (taken.outcome === 'busy') return BUSY()
      if (taken.outcome === 'too-many') return TOO_MUCH()
      if (taken.outcome === 'unreadable') return NO_REQUEST[taken.reason](signal)
      if (taken.passedOver > 0) dropped(signal, taken.passedOver)
      return context.json(success(signal, taken))
    })
  }

  const told = new Set<Signal>()
  function dropped(signal: Signal, count: number): void {
    onDropped({ signal, count, notice: told.has(signal) ? null : SIGNALS[signal].notice })
    told.add(signal)
  }

  const routes = new Hono()
  for (const signal of ['traces', 'logs', 'metrics'] as const) {
    const { path } = SIGNALS[signal]
    routes.use(path, allowed)
    routes.post(path, async (context) => {
      const type = protobufTypeOf(context.req.raw)
      const answer = await take(context, { signal, isProtobuf: type !== null }).catch((error: unknown) => {
        onError(error)
        return BUSY()
      })
      return type === null ? answer : await protobufAnswer(answer, type)
    })
  }
  return routes
}

export interface IntakeOptions {
  readonly takeBody: TakeBody
  /** Sends on what was taken. @default nobody */
  readonly forward?: Forwarder['hold'] | undefined
  readonly access: Pick<DeskAccess, 'admit' | 'allowedOrigin'>
  /** What bodies under way may hold, a quarter of it those of browsers. */
  readonly inFlightBytes: number
  readonly onDropped: (dropped: Dropped) => unknown
  readonly onError: (error: unknown) => void
}

/** What was answered with success and not kept. */
export interface Dropped {
  readonly signal: Signal
  /** Requests of metrics; spans and log records that are for no trail, or lines for one that has enough of them. */
  readonly count: number
  /** What to say in the log; null where it was said before. */
  readonly notice: string | null
}

interface Sent {
  readonly signal: Signal
  readonly isProtobuf: boolean
}

const KB = 1024
const BROWSER_BODY = { maxBytes: 64 * KB, maxInflatedBytes: 256 * KB }
const SERVER_BODY = { maxBytes: 4096 * KB, maxInflatedBytes: 16_384 * KB }

/**
 * OTLP's answer. The sender must not send again what was rejected. With none rejected a message is a warning: the steps are kept, but not
 * all that they hold.
 */
function success(signal: Signal, { rejected, reasons, leftOut }: Taken): object {
  const told = [
    ...(rejected > 0 ? [`Not kept: ${reasons.join('; ')}.`] : []),
    ...(leftOut.length > 0 ? [`Left out of steps that are kept: ${leftOut.join('; ')}.`] : []),
  ]
  if (told.length === 0) return {}
  return { partialSuccess: { [SIGNALS[signal].rejected]: String(rejected), errorMessage: told.join(' ') } }
}

type Taken = Extract<BodyTaken, { outcome: 'taken' }>

/** A page that goes has no time to ask first, as it would have to for anything but `text/plain`. */
function isJson(request: Request, claimed: boolean): boolean {
  const type = mediaTypeOf(request)
  return type === 'application/json' || (claimed && type === 'text/plain')
}

const NOT_OTLP = (): Response =>
  problem({
    status: 415,
    title: 'Steps are taken as OTLP/HTTP, in JSON or protobuf.',
    detail: 'Set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf or http/json.',
  })

const NO_UTF8 = (): Response => problem({ status: 400, title: 'The body is damaged: it has text that is no UTF-8.' })
const NO_OTLP = (signal: OtlpSignal, detail?: string): Response =>
  problem({
    status: 400,
    title: `The body is not an OTLP ${{ traces: 'trace', logs: 'log' }[signal]} request in ${detail ? 'protobuf' : 'JSON'}.`,
    detail,
  })

const NO_REQUEST = {
  json: (signal: OtlpSignal) => NO_OTLP(signal),
  text: NO_UTF8,
  'cut-short': (signal: OtlpSignal) => NO_OTLP(signal, 'It ends before what it announces.'),
  number: (signal: OtlpSignal) => NO_OTLP(signal, 'It has a number of more than 64 bits.'),
  field: (signal: OtlpSignal) => NO_OTLP(signal, 'It has a field that cannot be.'),
  'too-many': () => TOO_MUCH(),
}

const TOO_MUCH = (): Response =>
  problem({
    status: 413,
    title: 'The body has more in it than the desk takes at once.',
    detail: 'Send fewer in one request: a smaller batch of the exporter, such as OTEL_BSP_MAX_EXPORT_BATCH_SIZE=512.',
  })

const UNREADABLE = {
  busy: () => BUSY(),
  size: () => problem({ status: 413, title: 'The body is too large.', detail: 'Send fewer steps in one request.' }),
  encoding: () =>
    problem({
      status: 415,
      title: 'The body may be plain, gzip or deflate, one of them and nothing else.',
      detail: 'Set OTEL_EXPORTER_OTLP_COMPRESSION=gzip.',
      headers: { 'accept-encoding': 'gzip, deflate' },
    }),
  damaged: () =>
    problem({
      status: 400,
      title: 'The body is damaged: it ends early, or cannot be unpacked as its Content-Encoding says.',
    }),
}

const BUSY = (): Response =>
  problem({ status: 503, title: 'The desk cannot take more steps right now.', headers: { 'retry-after': '2' } })
