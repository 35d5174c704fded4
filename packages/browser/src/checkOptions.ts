import { lengthFor, oddsOf } from '@waybill/reference/reading'
import type { WaybillOptions } from './WaybillOptions.ts'

/**
 * Says in plain words what cannot work, to a developer. Bundlers drop all of it from production builds; where there is neither a
 * bundler nor Node, nobody says whether this is development, and nothing is checked.
 *
 * @throws TypeError for an option that cannot be right, RangeError when the traffic is no number.
 */
export function checkOptions(options: WaybillOptions): void {
  try {
    if (process.env.NODE_ENV !== 'production') {
      checkNames(options)
      checkValues(options)
      checkTraffic(options)
    }
  } catch (error) {
    // Not that there is no `process`, or one of the page's own.
    if (String(error).includes('[waybill]')) throw error
  }
}

/** Says once of each option that there is no such, and which was meant. */
function checkNames(options: WaybillOptions): void {
  const names = Object.keys(KNOWN)
  for (const name of Object.keys(options ?? {})) {
    if (names.includes(name) || said.has(name)) continue
    said.add(name)
    const [nearest] = names.toSorted((a, b) => distance(a, name) - distance(b, name))
    const isNear = nearest && distance(nearest, name) <= Math.max(1, name.length / 3)
    console.warn(
      `[waybill] createWaybill does not know "${name}", so it does nothing. ${isNear ? `Did you mean "${nearest}"?` : `It knows ${names.join(', ')}.`}`,
    )
  }
}

/** The compiler refuses it when it is not complete. */
const KNOWN = {
  service: 1,
  deliverTo: 1,
  fallbackTo: 1,
  key: 1,
  tracedOrigins: 1,
  untracedPaths: 1,
  namespace: 1,
  length: 1,
  prefix: 1,
  traffic: 1,
  consent: 1,
  sampledShare: 1,
  onError: 1,
  fetch: 1,
  doctor: 1,
  storage: 1,
  now: 1,
  after: 1,
  random: 1,
} satisfies Record<keyof WaybillOptions, 1>

/** Symbols to add, to drop or to change for the one to become the other, whatever their case (Levenshtein). */
function distance(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()]
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + Number(a[i - 1] !== b[j - 1]))
    row = next
  }
  return row[b.length]!
}

function checkValues(options: WaybillOptions): void {
  const given: Readonly<Record<string, unknown>> = { ...options, service: options?.service ?? '' }
  const rules: readonly Rule[] = [
    ['service', 'string', 'a name, as in { service: "shop-web" }', (text: string) => text],
    ['deliverTo fallbackTo key namespace', 'string', 'a string'],
    [
      'deliverTo fallbackTo',
      'string',
      'an address of http or https, such as "https://desk.shop.example", nor a path of your own origin, such as "/waybill". Without scheme or slash it would be a path below that of each page',
      (text: string) => /^(?!.)|^(https?:)?\/\/[^/?#]|^\.{0,2}\/(?!\/)/i.test(text.trim()),
    ],
    [
      'deliverTo fallbackTo',
      'string',
      'a base URL: /v1/traces is added to it, and the key, so leave out both and all from a ? or # on',
      (text: string) => !/[?#]|\/v1\/traces\/*$/i.test(text.trim()),
    ],
    ['fallbackTo', typeof given['deliverTo'], 'used without deliverTo'],
    ['prefix', 'string', 'two to five letters A to Z, such as "ORD"', (text: string) => /^[A-Z]{2,5}$/.test(text)],
    ['consent', 'string', '"granted" or "memory-only"', (text: string) => /^(granted|memory-only)$/.test(text)],
    ['sampledShare', 'number', 'a number from 0 to 1', (share: number) => share >= 0 && share <= 1],
    ['length', 'number', '8, 9, 10 or 12', (length: number) => [8, 9, 10, 12].includes(length)],
    ['now after fetch random onError', 'function', 'a function'],
    ['doctor', 'boolean', 'true or false'],
    [
      'tracedOrigins',
      'object',
      'a list of origins, such as "https://api.shop.example"',
      (list: Partial<Pick<string[], 'every'>> | null) => list?.every?.(isOrigin),
    ],
    [
      'untracedPaths',
      'object',
      'a list of paths, each with a slash first and no ? or #, such as "/download"',
      (list: Partial<Pick<string[], 'every'>> | null) => list?.every?.((path) => /^\/[^?#]*$/.test(path)),
    ],
    ['storage', 'object', '{ profile, tab }', (each: WaybillOptions['storage'] | null) => each?.profile && each.tab],
  ]
  for (const [names, type, what, isRight = () => true] of rules)
    for (const name of names.split(' ')) {
      const value = given[name]
      if (value !== undefined && (typeof value !== type || !isRight(value as never)))
        throw new TypeError(`[waybill] ${name} is not ${what}.`)
    }
}

/** The values of the named options are of the type, and then right. */
type Rule = readonly [names: string, type: string, what: string, isRight?: (value: never) => unknown]

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text
  } catch {
    return false
  }
}

/** Says once that references of this length would often be shared at the traffic that was told. */
function checkTraffic({ traffic, length = 9 }: WaybillOptions): void {
  if (!traffic) return
  const needed = lengthFor(traffic)
  if (warned || needed.length <= length) return
  warned = true
  console.warn(
    `[waybill] References of ${length} symbols are too short for ${traffic.actionsPerDay} actions a day kept for ${traffic.keptDays} days: about 1 in ${Math.round(1 / oddsOf(length, needed.live))} is shared with another action, and support would find both. Set length: ${needed.length}.`,
  )
}

declare const process: { readonly env: { readonly NODE_ENV?: string } }

let warned = false
const said = new Set<string>()
