import { fillTemplate, placesIn } from './fillTemplate.ts'

/**
 * Gives the addresses at which other tools show a trail, from templates such as `https://jaeger.example/trace/{traceId}`. In a template
 * `{traceId}`, `{reference}`, `{from}` and `{to}` (ISO 8601), `{fromMs}` and `{toMs}`, `{fromS}` and `{toS}` (milliseconds and seconds since
 * the epoch) stand for what is the trail's; times reach five minutes beyond it. Every value is encoded as a part of an address. A value that
 * is not of letters, digits and `:.-` alone leads nowhere: in an address there may be JSON, or a query in another language, which a quotation
 * mark would break out of however it is encoded.
 *
 * @throws TypeError when a template is no http address, or asks for what there is not.
 */
export function createTraceLinks(templates: readonly TraceLinkTemplate[]): TraceLinks {
  for (const { name, url } of templates) {
    if (!/^https?:\/\//.test(url) || !URL.canParse(fillTemplate(url, NOTHING))) throw new TypeError(NO_ADDRESS(name))
    const unknown = placesIn(url).find((place) => !Object.hasOwn(NOTHING, place))
    if (unknown !== undefined) throw new TypeError(NO_PLACE(name, unknown))
  }
  return ({ traceId, reference, from, to }) => {
    const [first, last] = [from - SLACK_MS, to + SLACK_MS]
    const values = {
      traceId,
      reference,
      from: new Date(first).toISOString(),
      to: new Date(last).toISOString(),
      fromMs: String(Math.floor(first)),
      toMs: String(Math.ceil(last)),
      fromS: String(Math.floor(first / 1000)),
      toS: String(Math.ceil(last / 1000)),
    }
    if (!Object.values(values).every((value) => PLAIN.test(value))) return []
    return templates.map(({ name, url }) => ({ name, href: fillTemplate(url, values) }))
  }
}

export interface TraceLinkTemplate {
  /** As people know the tool, such as `Grafana`. */
  readonly name: string
  readonly url: string
}

export interface TraceLink {
  readonly name: string
  readonly href: string
}

export type TraceLinks = (trail: LinkedTrail) => TraceLink[]

export interface LinkedTrail {
  readonly traceId: string
  readonly reference: string
  /** Milliseconds since the epoch, as is `to`. */
  readonly from: number
  readonly to: number
}

const SLACK_MS = 300_000
const PLAIN = /^[A-Za-z\d:.-]+$/
const NOTHING: Readonly<Record<string, string>> = {
  traceId: '0',
  reference: '0',
  from: '0',
  to: '0',
  fromMs: '0',
  toMs: '0',
  fromS: '0',
  toS: '0',
}

const NO_ADDRESS = (name: string): string =>
  `[waybill] The link to ${name} is no address: it begins with http:// or https://, such as https://jaeger.example/trace/{traceId}.`

const NO_PLACE = (name: string, place: string): string =>
  `[waybill] The link to ${name} asks for {${place}}, which no trail has. There are {traceId}, {reference}, {from}, {to}, {fromMs}, {toMs}, {fromS} and {toS}; write other braces as %7B and %7D.`
