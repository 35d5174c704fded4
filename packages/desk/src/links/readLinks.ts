import { parseReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { addFacts } from '@waybill/trail'
import { jsonIn } from '../jsonIn.ts'

/** The links in a request's body: one, or a list of them, each by the rule for facts. Those that are wrong make all wrong. */
export function readLinks(text: string): LinksRead {
  const body = jsonIn(text)
  const list: readonly unknown[] = Array.isArray(body) ? body : [body]
  if (list.length === 0 || list.length > MOST_LINKS || !list.every(isRecord)) {
    return { ok: false, reason: 'form', index: null }
  }
  const links: DeskLink[] = []
  for (const [index, each] of list.entries()) {
    const link = linkOf(each)
    if (typeof link === 'string') return { ok: false, reason: link, index }
    links.push(link)
  }
  return { ok: true, links }
}

export interface DeskLink {
  readonly reference: Reference
  /** What the value is: `ticket`, `order`, `conversation`. */
  readonly kind: string
  readonly value: string
  /** Where the ticket can be looked at. */
  readonly url?: string
  /** How the ticket stands, in a few words such as `open` or `solved`; the last word counts. */
  readonly state?: string
  /** Who says so, such as `zendesk`. @default 'support' */
  readonly service: string
}

export type LinksRead = { readonly ok: true; readonly links: readonly DeskLink[] } | LinkFault

export interface LinkFault {
  readonly ok: false
  /** What is wrong: the field of that name, or the `form` of the whole. */
  readonly reason: 'form' | keyof DeskLink
  /** Which link it is, from 0; null where it is the whole. */
  readonly index: number | null
}

export const MOST_LINKS = 100

function linkOf({
  reference: code,
  kind,
  value: given,
  url,
  state: stood,
  service: name,
}: Fields): DeskLink | keyof DeskLink {
  const reference = parseReference(code)
  if (!reference.ok) return 'reference'
  const value = typeof kind === 'string' ? textOf(kind, given) : undefined
  if (typeof kind !== 'string' || textOf(kind, 'any') === undefined) return 'kind'
  if (value === undefined) return 'value'
  const service = isAbsent(name) ? 'support' : textOf('service', name)
  if (service === undefined) return 'service'
  const address = isAbsent(url) ? undefined : addressOf(url)
  if (address === undefined && !isAbsent(url)) return 'url'
  const state = isAbsent(stood) ? undefined : textOf('state', stood)
  if ((state === undefined && !isAbsent(stood)) || (state ?? '').length > LONGEST_STATE) return 'state'
  return {
    reference: reference.reference,
    kind,
    value,
    ...(address && { url: address }),
    ...(state && { state }),
    service,
  }
}

const LONGEST_STATE = 40

/** As a fact of that name is kept; undefined where none may be. */
function textOf(name: string, value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const facts: Record<string, string> = {}
  addFacts(facts, { [name]: value }, () => {})
  // `__proto__` was left out, and is there all the same.
  return Object.hasOwn(facts, name) ? facts[name] : undefined
}

function addressOf(url: unknown): string | undefined {
  const address = typeof url === 'string' && url.length <= 1000 ? URL.parse(url) : null
  if (!address || !/^https?:$/.test(address.protocol) || address.username || address.password) return undefined
  return address.href.length <= 1000 ? address.href : undefined
}

type Fields = Readonly<Record<string, unknown>>

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}
