import { Hono } from 'hono'
import type { Context } from 'hono'
import { cors } from 'hono/cors'
import { clientAddress } from '../access/clientAddress.ts'
import { problem, tooMany } from '../problem.ts'
import type { Forwarder } from '../forward/createForwarder.ts'
import { createRateLimit } from '../access/createRateLimit.ts'
import { readBytes } from '../readBytes.ts'
import { mediaTypeOf } from './mediaTypeOf.ts'
import { protobufAnswer, protobufTypeOf } from './protobufAnswer.ts'
import { senderOf } from './sender.ts'
import type { SenderKeys } from './sender.ts'
import type { BodyTaken, TakeBody } from './createBodyTaker.ts'

/** `POST /v1/traces`: takes OTLP/HTTP in, JSON or protobuf, and answers in the same once every step is durable. */
export function intakeRoutes(options: IntakeOptions): Hono {
  const { takeBody, forward, keys, browserOrigins, trustProxy, onError, now } = options
  const byAddress = createRateLimit({ perMinute: options.browserRequestsPerMinute, now })
  const byBrowserKey = createRateLimit({ perMinute: options.browserRequestsPerMinute * 20, now })
  const byServerKey = createRateLimit({ perMinute: options.serverRequestsPerMinute, now })

  async function take(context: Context, isProtobuf: boolean): Promise<Response> {
    const request = context.req.raw
    const sender = senderOf(request, keys)
    const address = clientAddress(context, trustProxy)
    const wait =
      sender?.kind === 'server' ? byServerKey(sender.key) : byAddress(address) || (sender && byBrowserKey(sender.key))
    if (wait) return tooMany(wait)
    if (!sender) return UNKNOWN_KEY()
    const claimed = sender.kind === 'browser'
    const origin = request.headers.get('origin')
    if (claimed && browserOrigins && origin !== null && !browserOrigins.includes(origin)) return FOREIGN_ORIGIN()
    if (!isProtobuf && !isJson(request, claimed)) return NOT_OTLP()

    const read = await readBytes(request, claimed ? BROWSER_BODY : SERVER_BODY)
    if (!read.ok) return UNREADABLE[read.reason]()
    const body = { bytes: read.bytes, encoding: isProtobuf ? 'protobuf' : 'json', claimed } as const
    const sendOn = forward?.({ ...body, signal: 'traces', via: request.headers.get('via') })
    const taken = await takeBody(body)
    if (taken.outcome === 'taken') sendOn?.()
    if (taken.outcome === 'busy') return BUSY()
    return taken.outcome === 'taken' ? context.json(success(taken)) : NO_REQUEST[taken.reason]()
  }

  const routes = new Hono()
  routes.use(
    '/v1/traces',
    cors({
      origin: browserOrigins ? [...browserOrigins] : '*',
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
  /** Sends on what was taken. @default nobody */
  readonly forward?: Forwarder['hold'] | undefined
  readonly keys: SenderKeys
  /** Origins whose pages may use the browser key; undefined for any. */
  readonly browserOrigins: readonly string[] | undefined
  readonly trustProxy: boolean
  readonly browserRequestsPerMinute: number
  readonly serverRequestsPerMinute: number
  readonly onError: (error: unknown) => void
  readonly now: () => number
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

const UNKNOWN_KEY = (): Response =>
  problem({
    status: 401,
    title: 'No known key came with these steps.',
    detail: 'Servers send "Authorization: Bearer <ingest key>", browsers add "?key=<browser key>" to the address.',
    headers: { 'www-authenticate': 'Bearer realm="waybill"' },
  })

const FOREIGN_ORIGIN = (): Response =>
  problem({
    status: 403,
    title: 'This browser key is not for pages of this origin.',
    detail: 'Add the origin to browserOrigins.',
  })

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

const UNREADABLE = {
  size: () => problem({ status: 413, title: 'The body is too large.', detail: 'Send fewer steps in one request.' }),
  encoding: () => problem({ status: 415, title: 'The body may be plain or gzip, nothing else.' }),
  damaged: () => problem({ status: 400, title: 'The body is damaged: it is no valid gzip.' }),
}

const BUSY = (): Response =>
  problem({ status: 503, title: 'The desk cannot take more steps right now.', headers: { 'retry-after': '2' } })
