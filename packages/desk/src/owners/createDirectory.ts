import { HOPS } from '@waybill/trail'
import type { Hop } from '@waybill/trail'
import type { FactLink, Owner } from '../lookup/Match.ts'
import { fillTemplate, placesIn } from '../traceLinks/fillTemplate.ts'

/**
 * Says who looks after what, and where facts can be looked at. Values are encoded as a part of an address; of one that would lead elsewhere all the same there is no link.
 *
 * @throws TypeError when an entry is wrong.
 */
export function createDirectory({ owners = [], factLinks = {} }: DirectoryOptions = {}): Directory {
  for (const [index, entry] of owners.entries()) {
    const { name, hop, url } = entry
    if (name.trim() === '') throw new TypeError(NO_NAME(index + 1))
    if (hop !== undefined && !HOPS.includes(hop)) throw new TypeError(NO_HOP(name))
    if (url !== undefined && !isOwnerAddress(url)) throw new TypeError(NO_OWNER_ADDRESS(name))
  }
  const templates = new Map(Object.entries(factLinks))
  for (const [name, url] of templates) {
    const unknown = placesIn(url).find((place) => place !== 'value')
    if (unknown !== undefined) throw new TypeError(NO_PLACE(name, unknown))
    if (!isFactTemplate(url)) throw new TypeError(NO_TEMPLATE(name))
  }

  return {
    ownerOf({ service, hop }) {
      const entry = owners.find((each) => (each.service ?? service) === service && (each.hop ?? hop) === hop)
      return entry ? { name: entry.name, contact: entry.contact ?? null, url: entry.url ?? null } : null
    },
    linkTo(name, value) {
      const template = templates.get(name)
      // As a part of a path these two mean the folder itself and the one above it, encoded or not.
      if (template === undefined || value === '' || value === '.' || value === '..') return null
      return { name, value, href: fillTemplate(template, { value }) }
    },
  }
}

export interface DirectoryOptions {
  /** The first entry that fits counts. @default nobody */
  readonly owners?: readonly OwnerEntry[] | undefined
  /** By a fact's name the address at which its value is shown, such as `https://admin.shop.example/orders/{value}`. @default none */
  readonly factLinks?: Readonly<Record<string, string>> | undefined
}

/** An owner, and what they look after; an entry with neither service nor hop fits everything. */
export interface OwnerEntry {
  readonly service?: string | undefined
  readonly hop?: Hop | undefined
  readonly name: string
  readonly contact?: string | undefined
  /** An address of http, https, mailto or tel. */
  readonly url?: string | undefined
}

export interface Directory {
  ownerOf(place: { readonly service: string; readonly hop: Hop }): Owner | null
  linkTo(name: string, value: string): FactLink | null
}

/** Whether it leads to an owner, and to nothing that runs in the page. */
export function isOwnerAddress(url: string): boolean {
  const { protocol, username, password } = URL.parse(url) ?? {}
  return /^(?:https?|mailto|tel):$/.test(protocol ?? '') && !username && !password
}

/** Whether a value can stand in it without leading to another host. */
export function isFactTemplate(url: string): boolean {
  // The host ends before the first brace, or a value could go on with it.
  if (!/^https?:\/\/[^/?#\\@{}]+[/?#]/.test(url) || !URL.canParse(fillTemplate(url, { value: '0' }))) return false
  const places = placesIn(url)
  return places.length > 0 && places.every((place) => place === 'value')
}

const NO_NAME = (number: number): string =>
  `[waybill] Owner ${number} has no name, so nobody would know whom to ask. Give each a name, such as "Payments team".`

const NO_HOP = (name: string): string =>
  `[waybill] The hop of the owner ${name} is none, so nothing would ever be theirs. Hops are ${HOPS.join(', ')}.`

const NO_OWNER_ADDRESS = (name: string): string =>
  `[waybill] The url of the owner ${name} leads nowhere: it begins with https://, http://, mailto: or tel:, and has no password in it.`

const NO_TEMPLATE = (name: string): string =>
  `[waybill] The link for the fact ${name} is no address for its values: it begins with http:// or https:// and a host, and has {value} after that, such as https://admin.shop.example/orders/{value}.`

const NO_PLACE = (name: string, place: string): string =>
  `[waybill] The link for the fact ${name} asks for {${place}}, which there is not. There is {value}; write other braces as %7B and %7D.`
