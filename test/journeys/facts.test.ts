import { startDesk } from '@waybill/desk'
import type { LookUpAnswer, RunningDesk } from '@waybill/desk'
import { createWaybill } from '@waybill/server'
import { cleanText } from '@waybill/trail'
import type { Facts } from '@waybill/trail'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openShop } from '../../packages/browser/fixtures/openShop.ts'
import type { Shop } from '../../packages/browser/fixtures/openShop.ts'
import { seededRandom } from '../../packages/browser/fixtures/seededRandom.ts'

/** Whatever is noted is found at the desk as it was given, or `onError` has heard of it. */
const TOKEN = 'token-for-reading'
let shop: Shop
let desk: RunningDesk

beforeAll(async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  shop = await openShop()
  desk = await startDesk({
    database: ':memory:',
    readToken: TOKEN,
    ingestKeys: ['secret-key-for-servers'],
    browserKeys: ['public-key-for-browsers'],
    port: 0,
    limits: { matches: 1000, lookUpsPerMinute: 100_000 },
  })
})
afterAll(async () => {
  await shop?.close()
  await desk?.stop()
})

test('through a browser', async () => {
  const page = await shop.visit({ delivers: false })
  const noted = Array.from({ length: 60 }, (_, seed) => notesFrom(seededRandom(seed)))
  await page.addScriptTag({ content: `window.valueFrom = ${valueFrom.toString()}` })
  const told = await page.evaluate(
    async ({ calls, deliverTo }) => {
      // As text, in which half characters come through whole.
      const given: Note[][][] = JSON.parse(calls)
      let errors: string[] = []
      const waybill = window.shop.createWaybill({
        service: 'shop-web',
        deliverTo,
        key: 'public-key-for-browsers',
        onError: (error) => errors.push(String(error)),
      })
      const told: Told[] = []
      for (const notes of given) {
        errors = []
        const action = waybill.begin('Pay')
        for (const facts of notes)
          action.note(Object.fromEntries(facts.map((each) => [each.name, window.valueFrom(each)])) as Facts)
        action.succeed()
        told.push({ reference: action.reference, errors })
      }
      errors = []
      while (waybill.session.actions().some(({ delivery }) => delivery !== 'delivered')) await waybill.flush()
      return { told, later: errors }
    },
    { calls: JSON.stringify(noted), deliverTo: desk.url },
  )
  expect(told.later).toEqual([])
  await judge(noted, told.told)
})

test('through a server', async () => {
  let errors: string[] = []
  const waybill = createWaybill({
    service: 'shop-api',
    deliverTo: desk.url,
    key: 'secret-key-for-servers',
    onError: (error) => errors.push(String(error)),
  })
  const noted = Array.from({ length: 200 }, (_, seed) => notesFrom(seededRandom(1000 + seed)))
  const told = noted.map((notes): Told => {
    errors = []
    const step = waybill.begin({ hop: 'api', name: 'POST /api/pay' })
    for (const facts of notes) step.note(Object.fromEntries(facts.map((each) => [each.name, valueFrom(each)])) as Facts)
    step.end()
    return { reference: step.context.reference, errors }
  })
  errors = []
  await waybill.flush()
  expect(errors).toEqual([])
  await judge(noted, told)
  await waybill.stop()
})

interface Note {
  readonly name: string
  readonly type: 'text' | 'number' | 'bigint' | 'boolean' | 'null' | 'undefined' | 'object'
  readonly text: string
}

interface Told {
  readonly reference: string
  readonly errors: readonly string[]
}

async function judge(noted: readonly Note[][][], told: readonly Told[]): Promise<void> {
  let found = 0
  let refused = 0
  for (const [index, { reference, errors }] of told.entries()) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const [match] = (await lookUp(reference)).matches
    const facts = match?.facts ?? {}
    const all = (noted[index] ?? []).flatMap((call) => [...new Map(call.map((note) => [note.name, note])).values()])
    const saying = all.filter((note) => textOf(note) !== '' || !fits(note))
    const missing = saying.filter(
      (note) => !saying.some((each) => each.name === note.name && fits(each) && facts[note.name] === textOf(each)),
    )
    // An earlier value of a name gives way, and a wrong one beside it is reported for itself.
    const unfit = saying.filter((note) => !fits(note) && !missing.includes(note))
    expect(errors.map(shownIn).toSorted()).toEqual([...missing, ...unfit].map(({ name }) => shown(name)).toSorted())
    found += saying.length - missing.length
    refused += missing.length
    // The longest, once what is one character here and several there is written out.
    const readable = Object.values(facts).filter((text) => /[\p{L}\p{N}]/u.test(text))
    const [fact] = readable.toSorted((a, b) => b.normalize('NFKC').length - a.normalize('NFKC').length)
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    if (fact) expect((await lookUp(fact)).matches.map((each) => each.reference)).toContain(reference)
  }
  // Neither is a property of nothing.
  expect(found).toBeGreaterThan(100)
  expect(refused).toBeGreaterThan(100)
}

async function lookUp(text: string): Promise<LookUpAnswer> {
  const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'text/plain' }
  const response = await fetch(`${desk.url}/api/search`, { method: 'POST', headers, body: text })
  return (await response.json()) as LookUpAnswer
}

function fits({ type, text }: Note): boolean {
  return type !== 'object' && text.length <= 200
}

function shown(name: string): string {
  return name.slice(0, 40).replace(/[^\w.-]/g, '?')
}

function shownIn(error: string): string {
  return /^TypeError: \[waybill\] A fact was left out for its \w+: (.*)$/.exec(error)?.[1] ?? error
}

/** What the desk is to show of it; an object is never shown, and says something all the same. */
function textOf(note: Note): string {
  const value = valueFrom(note)
  return cleanText(Object(value) === value ? 'object' : String((value as Facts[string]) ?? ''))
}

/** Runs in the page too, so it stands by itself. */
function valueFrom({ type, text }: Note): unknown {
  switch (type) {
    case 'text':
      return text
    case 'number':
      return Number(text)
    case 'bigint':
      return BigInt(text)
    case 'boolean':
      return text === 'true'
    case 'object':
      return { text }
    case 'null':
      return null
    case 'undefined':
      return undefined
    default:
      return type satisfies never
  }
}

/** The facts of one action, by the calls that note them. */
function notesFrom(random: () => number): Note[][] {
  const below = (count: number): number => Math.floor(random() * count)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const many = (most: number, make: () => string): string => Array.from({ length: below(most + 1) }, make).join('')
  const name = (): string => (random() < 0.3 ? pick(NAMES) : many(random() < 0.1 ? 60 : 12, () => pick(LETTERS)))
  const note = (): Note => {
    const type = random() < 0.7 ? 'text' : pick(['number', 'bigint', 'boolean', 'null', 'undefined', 'object'] as const)
    const number = pick(['0', '-7', '123456789012345678', '42', '9007199254740993'])
    if (type === 'number' || type === 'bigint') return { name: name(), type, text: number }
    if (type === 'boolean') return { name: name(), type, text: pick(['true', 'false']) }
    if (type !== 'text') return { name: name(), type, text: 'x' }
    const words = many(6, () => pick(WORDS))
    const text = random() < 0.1 ? words.padEnd(below(450), pick(['x', '山', 'ﷺ', '\u200e', '😀'])) : words
    return { name: name(), type, text }
  }
  return Array.from({ length: 1 + below(3) }, () => Array.from({ length: below(14) }, note))
}

const NAMES = [
  '2fa',
  '_id',
  '-',
  '.',
  'constructor',
  '__proto__',
  'toString',
  'order no',
  'größe',
  'a\nb',
  'hasOwnProperty',
]
const LETTERS = [...'abcXYZ019_.-', ...'abcXYZ019_.-', ' ', 'é', '\u200b', '\ud83d']
const WORDS = [
  'A-1001| |=1+1|"|%|<b>|\\|\n|\r\n|\t|\0|\u0085|\u2028|\u2029|\u202e|\u2066|\u200e|\u061c|\u200b|\ufeff|\u00ad|\u{e0041}|\u00a0',
  '\ud83d|\ude00|注文|سفارش|می\u200cخواهم|👩\u200d🔧|❤\ufe0f|ﷺ|İ|１２|Ⅳ',
].flatMap((words) => words.split('|'))

declare global {
  interface Window {
    readonly valueFrom: typeof valueFrom
  }
}
