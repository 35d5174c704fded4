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
      checkValues(options)
      checkTraffic(options)
    }
  } catch (error) {
    // Not that there is no `process`, or one of the page's own.
    if (String(error).includes('[waybill]')) throw error
  }
}

function checkValues(options: WaybillOptions): void {
  const given: Readonly<Record<string, unknown>> = { ...options, service: options?.service ?? '' }
  const rules: readonly Rule[] = [
    ['service', 'string', 'a name, as in { service: "shop-web" }', (text: string) => text],
    ['deliverTo fallbackTo key namespace', 'string', 'a string'],
    ['fallbackTo', typeof given['deliverTo'], 'used without deliverTo'],
    ['prefix', 'string', 'two to five letters A to Z, such as "ORD"', (text: string) => /^[A-Z]{2,5}$/.test(text)],
    ['consent', 'string', '"granted" or "memory-only"', (text: string) => /^(granted|memory-only)$/.test(text)],
    ['sampledShare', 'number', 'a number from 0 to 1', (share: number) => share >= 0 && share <= 1],
    ['length', 'number', '8, 9, 10 or 12', (length: number) => [8, 9, 10, 12].includes(length)],
    ['now after fetch random onError', 'function', 'a function'],
    [
      'tracedOrigins',
      'object',
      'a list of origins, such as "https://api.shop.example"',
      (list: Partial<Pick<string[], 'every'>> | null) => list?.every?.(isOrigin),
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
