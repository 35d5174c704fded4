import { promisify } from 'node:util'
import { constants, gunzip, gzip } from 'node:zlib'
import { encodeOtlp } from '@waybill/trail'
import type { OtlpTraces, Step } from '@waybill/trail'

/** Steps as they go over the wire: encoded once, however often they are sent. */
export interface Parcel {
  /** How many steps are in it. */
  readonly count: number
  readonly body: Buffer
  readonly isZipped: boolean
}

/** Packs steps of one service; what is large is compressed, on a thread that serves no requests. Rejects where one cannot be written as JSON. */
export function packSteps(steps: readonly Step[]): Promise<Parcel> {
  return pack(encodeOtlp(steps), steps.length)
}

/** The same steps in two parcels. */
export async function halvesOf(parcel: Parcel): Promise<readonly Parcel[]> {
  const { body } = await unzipped(parcel)
  const { resourceSpans }: OtlpTraces = JSON.parse(body.toString())
  const middle = Math.ceil(parcel.count / 2)
  const partOf = (from: number, to: number): Promise<Parcel> => {
    const groups = resourceSpans.map(({ resource, scopeSpans }) => ({
      resource,
      scopeSpans: scopeSpans.map(({ scope, spans }) => ({ scope, spans: spans.slice(from, to) })),
    }))
    return pack({ resourceSpans: groups }, to - from)
  }
  return Promise.all([partOf(0, middle), partOf(middle, parcel.count)])
}

/** The same steps for a receiver that takes nothing compressed. */
export async function unzipped(parcel: Parcel): Promise<Parcel> {
  return parcel.isZipped ? { ...parcel, body: await promisify(gunzip)(parcel.body), isZipped: false } : parcel
}

async function pack(traces: OtlpTraces, count: number): Promise<Parcel> {
  const body = Buffer.from(JSON.stringify(traces))
  if (body.length < WORTH_ZIPPING) return { count, body, isZipped: false }
  return { count, body: await promisify(gzip)(body, FAST), isZipped: true }
}

/** What the smallest intakes take in one request. Beyond it is traffic where compressing saves more than it costs. */
const WORTH_ZIPPING = 64 * 1024

/** The next levels take up to twice the time and save a tenth more. A whole parcel fits in one chunk. */
const FAST = { level: constants.Z_BEST_SPEED, chunkSize: 64 * 1024 }
