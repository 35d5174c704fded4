import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { BrowserContext, Page } from 'playwright'
import type { ActionRecord } from '@waybill/browser'
import { createLedger } from '../fixtures/createLedger.ts'
import { DISTURBANCES, disturbTab } from '../fixtures/disturbTab.ts'
import type { Disturbance } from '../fixtures/disturbTab.ts'
import { ACTION_KINDS, makeAction } from '../fixtures/makeAction.ts'
import { openProfile } from '../fixtures/openProfile.ts'
import type { Profile } from '../fixtures/openProfile.ts'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'
import { seededRandom } from '../fixtures/seededRandom.ts'
import { startCollector } from '../fixtures/startCollector.ts'
import type { CollectorFault, FaultyCollector } from '../fixtures/startCollector.ts'

/** Another one with `FAULT_SEED=…`; what the network and the processes make of it differs from run to run. */
const SEED = Number(process.env['FAULT_SEED'] ?? 20_261_104)
/** FAULT_ACTIONS=2000 for a long run. */
const ACTIONS = Number(process.env['FAULT_ACTIONS'] ?? 250)
/** In turn, so that each is met whatever the seed. */
const FAULTS: readonly CollectorFault[] = [
  'answer lost',
  'none',
  429,
  'cut',
  'hang',
  'none',
  500,
  'garbage',
  'not listening',
  'none',
  503,
  413,
  400,
]

let shop: Shop
let collector: FaultyCollector
let profile: Profile

beforeAll(async () => {
  ;[shop, collector, profile] = await Promise.all([openShop(), startCollector(), openProfile()])
})
afterAll(() => Promise.all([shop.close(), collector.close(), profile.remove()]))

test(`what was promised arrives, once, whatever befalls the collector and the tabs (seed ${SEED})`, async () => {
  const random = seededRandom(SEED)
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!
  const ledger = createLedger()
  const happened = new Map<string, number>()
  const count = (what: string): void => void happened.set(what, (happened.get(what) ?? 0) + 1)
  const crashed = new WeakSet<Page>()
  const lives = (tab: Page): boolean => !tab.isClosed() && !crashed.has(tab)

  async function openBrowser(): Promise<BrowserContext> {
    const context = await profile.open()
    await context.exposeBinding('tell', (_, records: ActionRecord[]) => ledger.hear(records))
    await context.addInitScript(tellWhatReads)
    context.on('page', (page) => page.on('crash', () => void crashed.add(page)))
    context.on('weberror', (error) => count(`page error: ${String(error.error())}`))
    return context
  }
  async function openTab(): Promise<Page> {
    const options = encodeURIComponent(JSON.stringify({ deliverTo: collector.deliverTo }))
    try {
      const page = await answered(context.newPage())
      await page.goto(`${shop.site.origin}/?options=${options}`)
      return page
    } catch {
      // The last kill of renderers took the new page's, too.
      return openTab()
    }
  }

  let turns = 0
  /** Each of them once, then each once again, in an order of its own: a short run meets all of them, too. */
  let ahead: Disturbance[] = []
  const nextDisturbance = (): Disturbance => {
    if (!ahead.length) ahead = [...DISTURBANCES]
    return ahead.splice(Math.floor(random() * ahead.length), 1)[0]!
  }
  let context = await openBrowser()
  let tabs = [await openTab(), await openTab(), await openTab()]
  for (let made = 1; made <= ACTIONS; made++) {
    const tab = pick(tabs)
    const name = `Order ${made}`
    ledger.issue(name)
    await answered(makeAction(tab, name, pick(ACTION_KINDS))).catch(() => count('died while asked for an action'))
    if (random() < 0.08) await collector.fail(FAULTS[turns++ % FAULTS.length]!)
    if (random() < 0.3) await sleep(random() * 80)
    if (random() < 0.13 || !lives(tab)) {
      const disturbance = nextDisturbance()
      count(disturbance)
      const left = await answered(disturbTab(tab, disturbance)).catch(() => [])
      tabs = [...tabs.filter((each) => each !== tab), ...left].filter(lives)
      while (tabs.length < 3) tabs.push(await openTab())
      if (tabs.length > 5) await answered(Promise.resolve(tabs.shift()?.close())).catch(() => {})
    }
    if (made === Math.floor(ACTIONS / 2)) {
      context = await openBrowser()
      tabs = [await openTab(), await openTab()]
    }
  }

  await collector.fail('not listening')
  for (const tab of tabs) await answered(disturbTab(tab, pick(['crashed', 'killed', 'closed']))).catch(() => [])
  await collector.fail('none')
  context = await openBrowser()
  // By its clock a minute has passed, so that tabs without a sign of life count as gone.
  await context.addInitScript(() => {
    const { now } = Date
    Date.now = () => now() + 60_000
  })
  await openTab()
  const balance = (): ReturnType<typeof ledger.reconcile> => ledger.reconcile(collector.spans(), shop.site.calls)
  await vi.waitFor(() => expect(balance().lost).toEqual([]), { timeout: 45_000, interval: 500 }).catch(() => {})
  const { lost, twice, strangers, contradicted, arrived, resent } = balance()
  console.log(`[faults] seed ${SEED}
  ${ACTIONS} actions; tabs: ${listed(happened)}
  requests by what they met: ${listed(collector.answers)}
  promised ${ledger.promises.size} actions; lost ${lost.length}, duplicated ${twice.length}, of nobody ${strangers.length}
  ${arrived} steps arrived, ${resent} of them sent again, ${contradicted.length} contradicted: ${contradicted.slice(0, 5).join('; ')}`)
  expect({ lost, twice, strangers }).toEqual({ lost: [], twice: [], strangers: [] })
  expect(ledger.promises.size).toBeGreaterThan(ACTIONS * 0.7)
  expect(collector.answers.size).toBeGreaterThan(5)
  expect([...happened.keys()]).toEqual(expect.arrayContaining([...DISTURBANCES]))
}, 300_000)

/** A renderer that is killed at the wrong moment never answers, and its browser does not always say so. */
function answered<T>(promise: Promise<T>): Promise<T> {
  return Promise.race([promise, sleep(15_000).then(() => Promise.reject(new Error('No answer.')))])
}

function listed(counts: ReadonlyMap<string | number, number>): string {
  return [...counts].map(([what, times]) => `${what} ${times}`).join(', ')
}

/** Runs in every page: tells each record of the session as it reads now, whenever it reads differently. */
function tellWhatReads(): void {
  addEventListener('DOMContentLoaded', () => {
    const { session } = window.shop.waybill
    const told = new Map<string, string>()
    const tell = (): void => {
      const news = session.actions().filter((each) => told.get(each.reference) !== JSON.stringify(each))
      if (news.length === 0) return
      for (const each of news) told.set(each.reference, JSON.stringify(each))
      window.tell(news)
    }
    tell()
    session.subscribe(tell)
    setInterval(tell, 100)
  })
}

declare global {
  interface Window {
    tell(records: readonly ActionRecord[]): void
  }
}
