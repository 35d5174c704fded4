import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { BrowserContext, Page } from 'playwright'
import { openShop } from '../fixtures/openShop.ts'
import type { Shop } from '../fixtures/openShop.ts'

const SOON = { timeout: 30_000 }

let shop: Shop
let context: BrowserContext

beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())
beforeEach(async () => {
  await context?.close()
  context = await shop.browser.newContext()
  shop.forget()
})

/** Somebody's own, in the spellings that pages meet; none of them is real. */
const SEEDS = {
  email: ['annika.sandqvist@example.com', 'annika+shop@exämple.org', 'O’Brien@example.ie'],
  card: ['4242424242424242', '4242 4242 4242 4242', '5555-5555-5555-4444', '378282246310005'],
  iban: ['DE89370400440532013000', 'SE45 5000 0000 0583 9825 7466'],
  phone: ['+46701234567', '070-123 45 67', '(555) 867-5309'],
  jwt: ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbm5pa2EifQ.c2lnbmF0dXJl'],
  token: [
    'sk_live_51H8x7aK2eZvKYlo2C0',
    'ghp_16C7e42F292c6912E7710c838347Ae178B4a',
    'dGhpcyBpcyBhIHRva2Vu',
    'f3a9c1d2e4b5',
  ],
  uuid: ['550e8400-e29b-41d4-a716-446655440000', '01J9ZQ4T7R8W2V5X6Y3Z1A0BCD'],
  name: ['Annika Sandqvist', 'Sandqvist', 'Zoë Ångström', '山田太郎', 'محمد علي', 'Jürgen Großmann'],
  address: ['Storgatan 12B, 111 23 Stockholm', '742 Evergreen Terrace', 'Königstraße 5'],
  identity: ['19811218-9876', '078-05-1120'],
} as const

const ALL: readonly string[] = Object.values(SEEDS).flat()

/** In which spellings a seed is looked for: as it is, in URLs, in JSON, in base64, without its blanks. */
function spellings(seed: string): string[] {
  const base64 = Buffer.from(seed).toString('base64').replace(/=+$/, '').slice(0, -1)
  const plain = [
    seed,
    encodeURIComponent(seed),
    encodeURI(seed),
    seed.replaceAll(' ', '+'),
    JSON.stringify(seed).slice(1, -1),
    seed.replaceAll(/[ -]/g, ''),
    seed.replaceAll(' ', '-'),
  ]
  return [...new Set([...plain.map((each) => each.toLowerCase()), base64.toLowerCase()])]
}

/** Everything that the profile keeps for the page's origin, as text. */
async function stored(page: Page): Promise<string> {
  const held = await page.evaluate(async () => {
    const cached = await Promise.all(
      (await caches.keys()).map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => name + url)),
    )
    return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, cached, window.name])
  })
  return held + JSON.stringify(await context.storageState({ indexedDB: true }))
}

/** Every byte that the collector was sent, addresses and headers too. */
function sent(): string {
  return JSON.stringify(shop.site.collector.requests)
}

/** What waybill put on the application's own calls. */
function added(): string {
  const ours = ({ headers }: { headers: object }): [string, unknown][] =>
    Object.entries(headers).filter(([name]) => /^(?:trace|baggage|x-trace)/.test(name))
  return JSON.stringify(shop.site.calls.map(ours))
}

async function found(page: Page, seeds: readonly string[] = ALL): Promise<string[]> {
  const places = { stored: await stored(page), sent: sent(), added: added() }
  return Object.entries(places).flatMap(([place, text]) => {
    const low = text.toLowerCase()
    return seeds.flatMap((seed) =>
      spellings(seed)
        .filter((each) => low.includes(each))
        .map((each) => `${place}: ${each} in …${around(low, each)}…`),
    )
  })
}

function around(text: string, what: string): string {
  const at = text.indexOf(what)
  return text.slice(Math.max(0, at - 60), at + what.length + 30)
}

/** The page of somebody signed in: her own things are in its address, its title and where she came from. */
async function openAccount(): Promise<Page> {
  const page = await context.newPage()
  const [email] = SEEDS.email
  const query = new URLSearchParams({ email, q: SEEDS.name[0], token: SEEDS.token[0], options: '{}' })
  await page.goto(`${shop.site.origin}/from/${encodeURIComponent(email)}?offline&card=${SEEDS.card[0]}`)
  await page.evaluate(
    (to) => void (location.href = to),
    `/account/${encodeURIComponent(SEEDS.name[2])}?${query}#access_token=${SEEDS.jwt[0]}`,
  )
  await page.waitForURL(/\/account\//)
  await page.waitForFunction(() => 'shop' in window)
  await page.evaluate((name) => void (document.title = `${name} – your account`), SEEDS.name[0])
  return page
}

test('nothing of anybody’s is stored or sent, wherever the page has it: addresses, headers, bodies, forms, texts and errors', async () => {
  const page = await openAccount()
  await page.evaluate(async (seeds) => {
    const { ky, kyHooks, on, waybill } = window.shop
    const quietly = (promise: PromiseLike<unknown>): Promise<unknown> => Promise.resolve(promise).catch(() => {})
    const action = waybill.begin('Update profile')
    action.note({ order: 'A-1001' })
    for (const seed of seeds) {
      const escaped = encodeURIComponent(seed)
      const body = new FormData()
      body.set('who', seed)
      // oxlint-disable-next-line no-await-in-loop -- one after the other, for the page to keep up
      await Promise.all([
        quietly(action.fetch(`/api/customers/${escaped}/orders?who=${escaped}#${escaped}`)),
        quietly(action.fetch(`/api/${escaped}`, { method: 'POST', body: JSON.stringify({ seed }) })),
        quietly(action.fetch(`/api/form?${new URLSearchParams({ [seed]: seed })}`, { method: 'PUT', body })),
        quietly(action.fetch('/api/head', { headers: { authorization: `Bearer ${escaped}`, 'x-customer': escaped } })),
        quietly(action.fetch(`/api/lost/${escaped}?break=1`, { method: 'POST', body: seed })),
        quietly(action.fetch(`/api/matrix;who=${escaped}/x`)),
        quietly(waybill.fetch(`http://${escaped}:${escaped}@${location.host}/api/userinfo`)),
        quietly(waybill.fetch(`/api/poll/${escaped}`)),
        quietly(
          ky.create({ fetch: waybill.fetch, hooks: kyHooks(waybill), retry: 0 }).post(`/api/${escaped}?status=422`, {
            json: { seed },
          }),
        ),
      ])
      const aborted = new AbortController()
      const call = action.fetch(`/api/slow/${escaped}?wait=500`, { signal: aborted.signal })
      aborted.abort(Object.assign(new Error(seed), { name: seed, seed }))
      // oxlint-disable-next-line no-await-in-loop -- as above
      await quietly(call)
      const error = new TypeError(`${seed} is not allowed`, { cause: new Error(seed) })
      // oxlint-disable-next-line no-await-in-loop -- as above
      await quietly(waybill.run('Save address', () => Promise.reject(error)))
      waybill.begin('Save card').fail(Object.assign(error, { stack: `Error: ${seed}\n at ${seed}`, code: seed }))
      waybill.begin('Save name').fail(Object.assign(new Error(seed), { name: seed }))
      waybill.begin('Save phone').fail(seed)
      waybill.begin('Save all').note({ [`for ${seed}`]: 'x', ['bad name']: seed, long: seed.padEnd(201, '.') })
    }
    action.succeed()
    const [text] = seeds
    on(`<button aria-label="${text}">${text}</button>`, 'click', () => waybill.fetch('/api/click', { method: 'POST' }))
  }, ALL)

  await page.evaluate(() => {
    const { on, waybill } = window.shop
    on(
      `<form action="/elsewhere"><input name="who" autocomplete="name"><input name="card"><textarea name="note"></textarea><button>Save</button></form>`,
      'submit',
      (event) => {
        event.preventDefault()
        if (event.target instanceof HTMLFormElement)
          void waybill.fetch('/api/submit', { method: 'POST', body: new FormData(event.target) })
      },
    )
  })
  await page.fill('input[name=who]', SEEDS.name[0])
  await page.fill('input[name=card]', SEEDS.card[0])
  await page.fill('textarea', ALL.join('\n'))
  await page.click('form button')
  await page.click(`[aria-label="${ALL[0]}"]`)
  await expect.poll(() => shop.site.calls.map(({ path }) => path), SOON).toContain('/api/submit')
  await page.evaluate(() => window.shop.waybill.flush())
  const before = await found(page)
  expect([...new Set(before)]).toEqual([])
  expect(await stored(page)).toContain('A-1001')
  expect(sent()).toContain('A-1001')
  expect(added()).toContain('trace-reference')
  expect(shop.site.calls.length).toBeGreaterThan(ALL.length * 8)

  // And by what a page sends as it goes.
  await page.evaluate(() => {
    window.shop.waybill.begin('Leave').fail(new Error(document.title))
    location.href = '/elsewhere?offline'
  })
  await page.waitForURL(/elsewhere/)
  await expect.poll(() => shop.site.delivered().map(({ name }) => name), SOON).toContain('Leave')
  expect(await found(page)).toEqual([])
}, 60_000)

test('what only looks like a program’s word is not kept: names and numbers of things that are no errors', async () => {
  const page = await context.newPage()
  await page.goto(shop.site.origin)
  await page.evaluate(async () => {
    const { waybill } = window.shop
    // A rejected promise carries whatever somebody rejected it with: a customer, too.
    waybill.begin('Save').fail({ name: 'Sandqvist', email: 'annika.sandqvist@example.com' })
    waybill.begin('Pay').fail({ status: 4242424242424242 })
    waybill.begin('Call').fail({ response: { status: 46701234567 } })
    await waybill.flush()
  })
  expect(await found(page, ['Sandqvist', '4242424242424242', '46701234567'])).toEqual([])
})

test('of what a screen said only the words are kept that the application says are its own, and no more than 200 characters', async () => {
  const page = await context.newPage()
  await page.goto(shop.site.origin)
  await page.evaluate(
    async ([email, name]) => {
      document.body.append(`Dear ${name}, ${email}: not requested.`)
      const { waybill } = window.shop
      const action = waybill.begin('Request refund')
      action.fail(new Error(`Not for ${name}`))
      waybill.shown(action.reference, 'Your refund was not requested.'.padEnd(200) + name)
      await waybill.flush()
    },
    [SEEDS.email[0], SEEDS.name[0]] as const,
  )
  expect(sent()).toContain('Your refund was not requested.')
  expect(await found(page)).toEqual([])
})

test('of what a screen said a text with an e-mail address or a long number is not kept at all, however long it is, nor the words before it', async () => {
  const page = await shop.visit({ context, delivers: false })
  const seeds = ALL.filter((seed) => /@|\d{4}/.test(seed))
  expect(seeds.length).toBeGreaterThan(10)
  await page.evaluate(
    async (texts) => {
      const { waybill } = window.shop
      for (const [index, text] of texts.entries()) {
        const action = waybill.begin(`Pay ${index}`)
        action.succeed()
        waybill.shown(action.reference, 'One moment')
        waybill.shown(action.reference, text)
      }
      await waybill.flush()
    },
    [
      ...seeds.map((seed) => `Thank you! ${seed}`),
      // Cut, it would be the part before the sign.
      'Thank you! '.padEnd(180, '.') + 'annika.sandqvist@example.com',
      'Thank you! 42\u200b42',
      'Thank you! ٤٢٤٢',
    ],
  )
  const kept = await stored(page)
  expect(kept).toContain('Pay 0')
  expect(kept).not.toMatch(/Thank you|One moment|annika/)
  await page.evaluate(() => {
    const { waybill } = window.shop
    const action = waybill.begin('Order')
    action.succeed()
    waybill.shown(action.reference, 'Pay 100 within 14 days')
    return waybill.flush()
  })
  expect(await stored(page)).toContain('Pay 100 within 14 days')
})

test('a name in a path is masked also where it is spelled like a word', async () => {
  const page = await context.newPage()
  await page.goto(shop.site.origin)
  await page.evaluate(async () => {
    const action = window.shop.waybill.begin('Look up')
    const paths =
      '/api/users/annika-sandqvist/orders /users/annika /api/customers/annika_sandqvist /people/annika ' +
      '/api/user/annikaSandqvist /profile/annika-sandqvist /u/annika /api/accounts/annika/cards'
    for (const path of paths.split(' ')) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await action.fetch(`${path}?offline`)
    }
    action.succeed()
    await window.shop.waybill.flush()
  })
  expect(await found(page, ['annika', 'sandqvist'])).toEqual([])
  // What is no name stays to be read.
  expect(sent()).toMatch(/\/api\/users\/:\w+\/orders/)
})
