import { mintSpanId } from '@waybill/reference'
import { expect, test } from 'vitest'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'

test('what comes with a browser key is a claim, whatever it says of itself', async () => {
  await using desk = openDesk()
  const { browser, servers, reference } = refundTrail()
  await desk.sendAsBrowser([...browser, { ...servers[0]!, claimed: false }])
  const [match] = (await desk.lookUp(reference)).matches
  expect(match?.claimed).toBe(true)
  expect(match?.steps.map((step) => step.claimed)).toEqual([true, true, true])
})

test('what comes with a server key is none', async () => {
  await using desk = openDesk()
  const { servers, reference } = refundTrail()
  await desk.sendAsServer(servers)
  const [match] = (await desk.lookUp(reference)).matches
  expect(match?.claimed).toBe(false)
  expect(match?.steps.some((step) => step.claimed)).toBe(false)
})

test('a claim overrules no server: neither its step, nor its facts, nor the outcome', async () => {
  await using desk = openDesk()
  const { browser, servers, reference } = refundTrail()
  const [served] = servers
  const lie = { ...served!, service: 'liar', facts: { order: 'B-9' } }
  const announced = { ...lie, id: mintSpanId(), startedFor: served!.id, status: 'running' as const }
  const success = { ...servers.at(-2)!, id: mintSpanId(), at: Date.now(), status: 'ok' as const, error: undefined }
  const done = { ...lie, id: mintSpanId(), service: 'shop-web', effect: 'none' as const, remains: 'all is well' }
  await desk.sendAsBrowser([...browser, lie, announced, success, done])
  await desk.sendAsServer(servers)
  await desk.sendAsBrowser([{ ...lie, id: mintSpanId() }])
  const [match] = (await desk.lookUp(reference)).matches
  expect(match?.outcome).toMatchObject({ state: 'failed', hop: 'model', advice: 'manual-fix' })
  expect(match?.steps.find((step) => step.id === served!.id)).toMatchObject({ service: 'shop-api', claimed: false })
  expect(match).toMatchObject({ facts: { order: 'A-1001' }, remains: 'refund pending review' })
})

test('a claim does not end a step that a server began', async () => {
  await using desk = openDesk()
  const { servers, reference } = refundTrail()
  const [served] = servers
  await desk.sendAsServer([{ ...served!, id: mintSpanId(), startedFor: served!.id, durationMs: 0, status: 'running' }])
  await desk.sendAsBrowser([served!])
  const [match] = (await desk.lookUp(reference)).matches
  expect(match?.steps).toMatchObject([{ id: served!.id, status: 'running', claimed: false }])
})

test('a failure that only the browser saw is told as the browser’s', async () => {
  await using desk = openDesk()
  const { browser, reference } = refundTrail()
  const [action, call] = browser
  const error = { type: 'TypeError', message: 'Failed to fetch' }
  await desk.sendAsBrowser([
    { ...action!, action: 'failed', status: 'error', error },
    { ...call!, status: 'error', error },
  ])
  const [match] = (await desk.lookUp(reference)).matches
  expect(match).toMatchObject({ claimed: true, outcome: { state: 'failed', hop: 'browser' } })
})

const cutShort = { status: 'error', error: { type: 'page_left' } } as const
const refused = { status: 'error', error: { type: 'TypeError' } } as const

test.each([
  { end: 'a success', told: {}, action: 'succeeded', outcome: 'succeeded' },
  { end: 'a failure', told: refused, action: 'failed', outcome: 'failed' },
] as const)(
  'of a page that went and came back $end counts, whichever was told first',
  async ({ told, action, outcome }) => {
    for (const isLeftFirst of [true, false]) {
      await using desk = openDesk()
      const { browser, reference } = refundTrail()
      const [round, call] = browser
      const left = [
        { ...round!, action: 'abandoned' as const },
        { ...call!, ...cutShort },
      ]
      const real = [
        { ...round!, ...told, action },
        { ...call!, ...told },
      ]
      for (const steps of isLeftFirst ? [left, real] : [real, left]) await desk.sendAsBrowser(steps)
      const [match] = (await desk.lookUp(reference)).matches
      expect(match?.outcome.state).toBe(outcome)
      expect(match?.steps.map((step) => [step.action, step.error?.type])).toEqual([
        [action, told === refused ? 'TypeError' : undefined],
        [null, told === refused ? 'TypeError' : undefined],
      ])
    }
  },
)

test('an open action is found by its started marker, which gives way to the step itself', async () => {
  await using desk = openDesk()
  const { browser, reference } = refundTrail()
  const [action] = browser
  const marker = {
    ...action!,
    id: mintSpanId(),
    startedFor: action!.id,
    durationMs: 0,
    status: 'running' as const,
    action: 'open' as const,
  }
  await desk.sendAsBrowser([marker])
  const [open] = (await desk.lookUp(reference)).matches
  expect(open?.outcome.state).toBe('running')
  expect(open?.steps).toMatchObject([{ id: action!.id, status: 'running' }])
  await desk.sendAsBrowser([action!])
  const [ended] = (await desk.lookUp(reference)).matches
  expect(ended?.steps).toMatchObject([{ id: action!.id, status: 'ok' }])
})
