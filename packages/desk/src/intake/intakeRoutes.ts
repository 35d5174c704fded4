import { Hono } from 'hono'
import type { Context } from 'hono'
import { cors } from 'hono/cors'
import type { DeskAccess } from '../access/createAccess.ts'
import { createByteBudget } from '../createByteBudget.ts'
import { problem } from '../problem.ts'
import { readBytes } from '../readBytes.ts'
import { mediaTypeOf } from './mediaTypeOf.ts'
import { protobufAnswer, protobufTypeOf } from './protobufAnswer.ts'
import type { BodyTaken, TakeBody } from './createBodyTaker.ts'

/** `POST /v1/traces`: takes OTLP/HTTP in, JSON or protobuf, and answers in the same once every step is durable. */
export function intakeRoutes(options: IntakeOptions): Hono {
  const { takeBody, access, inFlightBytes, onError } = options
  // Whoever has the public key cannot take the servers' share.
  const budgets = { browser: createByteBudget(inFlightBytes / 4), server: createByteBudget((inFlightBytes * 3) / 4) }

  async function take(context: Context, isProtobuf: boolean): Promise<Response> {
    const request = context.req.raw
    const admitted = await access.admit(context, ['ingest', 'browser'])
    if (!admitted.ok) return admitted.response
    const claimed = !admitted.identity.scopes.has('ingest')
    if (!isProtobuf && !isJson(request, claimed)) return NOT_OTLP()

    return await budgets[claimed ? 'browser' : 'server'].hold(async (reserve) => {
      const read = await readBytes(request, { ...(claimed ? BROWSER_BODY : SERVER_BODY), reserve })
      if (!read.ok) return UNREADABLE[read.reason]()
      const taken = await takeBody({ bytes: read.bytes, encoding: isProtobuf ? 'protobuf' : 'json', claimed })
      if (taken.outcome === 'busy') return BUSY()
      if (taken.outcome === 'too-many') return TOO_MANY_STEPS()
      return taken.outcome === 'taken' ? context.json(success(taken)) : NO_REQUEST[taken.reason]()
    })
  }

  const routes = new Hono()
  routes.use(
    '/v1/traces',
    cors({
      origin: access.allowedOrigin,
      allowMethods: ['POST'],
      allowHeaders: ['content-type', 'content-encoding'],
      exposeHeaders: ['retry-after'],
      maxAge: 86_400,
    }),
  )
  routes.post('/v1/traces', async (context) => {
    const type = protobufTypeOf(context.req.raw)
    const answer = await take(context, type !== null).catch((error: unknown) => {
      onError(error)
      return BUSY()
    })
    return type === null ? answer : await protobufAnswer(answer, type)
  })
  return routes
}

export interface IntakeOptions {
  readonly takeBody: TakeBody
  readonly access: Pick<DeskAccess, 'admit' | 'allowedOrigin'>
  /** What bodies under way may hold, a quarter of it those of browsers. */
  readonly inFlightBytes: number
  readonly onError: (error: unknown) => void
}

const KB = 1024
const BROWSER_BODY = { maxBytes: 64 * KB, maxInflatedBytes: 256 * KB }
const SERVER_BODY = { maxBytes: 4096 * KB, maxInflatedBytes: 16_384 * KB }

/**
 * OTLP's answer. The sender must not send rejected spans again. With none rejected a message is a warning: the steps are kept, but not
 * all that they hold.
 */
function success({ rejected, reasons, leftOut }: Taken): object {
  const told = [
    ...(rejected > 0 ? [`Not kept: ${reasons.join('; ')}.`] : []),
    ...(leftOut.length > 0 ? [`Left out of steps that are kept: ${leftOut.join('; ')}.`] : []),
  ]
  if (told.length === 0) return {}
  return { partialSuccess: { rejectedSpans: String(rejected), errorMessage: told.join(' ') } }
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
const NO_PROTOBUF = (detail: string): Response =>
  problem({ status: 400, title: 'The body is not an OTLP trace request in protobuf.', detail })

const NO_REQUEST = {
  json: () => problem({ status: 400, title: 'The body is not an OTLP trace request in JSON.' }),
  text: NO_UTF8,
  'cut-short': () => NO_PROTOBUF('It ends before what it announces.'),
  number: () => NO_PROTOBUF('It has a number of more than 64 bits.'),
  field: () => NO_PROTOBUF('It has a field that cannot be.'),
}

const TOO_MANY_STEPS = (): Response =>
  problem({
    status: 413,
    title: 'The body has more steps than the desk takes at once.',
    detail: 'Send fewer in one request: a smaller batch of the exporter, such as OTEL_BSP_MAX_EXPORT_BATCH_SIZE=512.',
  })

const UNREADABLE = {
  busy: () => BUSY(),
  size: () => problem({ status: 413, title: 'The body is too large.', detail: 'Send fewer steps in one request.' }),
  encoding: () => problem({ status: 415, title: 'The body may be plain or gzip, nothing else.' }),
  damaged: () => problem({ status: 400, title: 'The body is damaged: it is no valid gzip.' }),
}

const BUSY = (): Response =>
  problem({ status: 503, title: 'The desk cannot take more steps right now.', headers: { 'retry-after': '2' } })
