import { createWaybill } from '@waybill/browser'
import type { Waybill } from '@waybill/browser'
import { mintReference } from '@waybill/reference'
import { customChannel, keepAttached } from '@waybill/browser/support'
import type { ChannelAnswer, SupportChannel } from '@waybill/browser/support'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

let waybill: Waybill
beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  waybill = createWaybill({ service: 'shop-web' })
})
afterEach(() => waybill.stop())

/** A channel that keeps what its agents see. */
function aChannel(answer: () => ChannelAnswer | Promise<ChannelAnswer> = () => 'field') {
  const steps: string[] = []
  const channel = customChannel({
    async attach({ reference }) {
      const said = await answer()
      steps.push(said === 'missing' ? 'missing' : reference)
      return said
    },
    open: () => 'field',
    clear: () => void steps.push('cleared'),
  })
  return { channel, steps }
}

const settled = () => new Promise((go) => setTimeout(go, 0))

test('an action is attached while it is open or failed, and cleared when it succeeds', async () => {
  const { channel, steps } = aChannel()
  const action = waybill.begin('Pay')
  const stop = keepAttached(waybill, { channel, reference: action.reference })
  await vi.waitFor(() => expect(steps).toEqual([action.reference]))
  action.fail(new Error('503'))
  await vi.waitFor(() => expect(steps).toEqual([action.reference, action.reference]))
  action.retry()
  action.succeed()
  await vi.waitFor(() => expect(steps.at(-1)).toBe('cleared'))
  stop()
  await settled()
  expect(steps.filter((step) => step === 'cleared')).toHaveLength(1)
})

test('other actions, other calls and deliveries change nothing', async () => {
  const { channel, steps } = aChannel()
  const action = waybill.begin('Pay')
  action.fail(new Error('503'))
  keepAttached(waybill, { channel, reference: action.reference })
  for (let index = 0; index < 30; index++) waybill.begin(`Browse ${index}`).succeed()
  await waybill.flush()
  await settled()
  expect(steps).toEqual([action.reference])
})

test('it is cleared with the session, and by its stop', async () => {
  const { channel, steps } = aChannel()
  const action = waybill.begin('Pay')
  keepAttached(waybill, { channel, reference: action.reference })
  await settled()
  waybill.session.clear()
  await vi.waitFor(() => expect(steps).toEqual([action.reference, 'cleared']))

  const other = waybill.begin('Pay again')
  const stop = keepAttached(waybill, { channel, reference: other.reference })
  await settled()
  stop()
  await settled()
  expect(steps.slice(2)).toEqual([other.reference, 'cleared'])
  other.fail(new Error('503'))
  await waybill.flush()
  expect(steps).toHaveLength(4)
})

test('a reference this session does not know is never attached, nor is any other in its place', async () => {
  const { channel, steps } = aChannel()
  waybill.begin('Pay').fail(new Error('503'))
  keepAttached(waybill, { channel, reference: mintReference() })()
  await settled()
  expect(steps).toEqual([])
})

test('of two failures on one channel the latest is held, and the earlier one again when that is done', async () => {
  const { channel, steps } = aChannel()
  const [first, second] = [waybill.begin('Pay'), waybill.begin('Request refund')]
  first.fail(new Error('503'))
  second.fail(new Error('503'))
  const stopFirst = keepAttached(waybill, { channel, reference: first.reference })
  await settled()
  const stopSecond = keepAttached(waybill, { channel, reference: second.reference })
  await settled()
  expect(steps).toEqual([first.reference, second.reference])
  second.retry()
  second.succeed()
  await vi.waitFor(() => expect(steps.at(-1)).toBe(first.reference))
  stopFirst()
  stopSecond()
  await settled()
  expect(steps.at(-1)).toBe('cleared')
})

test('everybody who keeps something on a channel is told whether it takes references, who comes later too', async () => {
  const { channel, steps } = aChannel()
  const { reference } = waybill.begin('Pay')
  const told: string[] = []
  keepAttached(waybill, { channel, reference, onAttach: ({ ok }) => told.push(`first ${ok}`) })
  await vi.waitFor(() => expect(told).toEqual(['first true']))
  keepAttached(waybill, { channel, reference, onAttach: ({ ok }) => told.push(`second ${ok}`) })
  expect(told).toEqual(['first true', 'second true'])
  expect(steps).toEqual([reference])
})

test('a slow channel never ends with what was cleared meanwhile', async () => {
  const { channel, steps } = aChannel(() => new Promise((go) => setTimeout(() => go('field'), 50)))
  const action = waybill.begin('Pay')
  keepAttached(waybill, { channel, reference: action.reference })
  action.succeed()
  await vi.waitFor(() => expect(steps).toEqual([action.reference, 'cleared']))
})

test.each(['throws', 'rejects'])(
  'a channel of your own that %s is told as refused, and tried with the next',
  async (how) => {
    const steps: string[] = []
    const fail = (step: string): Promise<never> => {
      steps.push(step)
      if (how === 'throws') throw new Error('vendor')
      return Promise.reject(new Error('vendor'))
    }
    const channel: SupportChannel = {
      attach: ({ reference }) => fail(reference),
      open: () => fail('open'),
      clear: () => fail('cleared'),
    }
    const [first, second] = [waybill.begin('Pay'), waybill.begin('Request refund')]
    const told: unknown[] = []
    const onAttach = (result: unknown) => void told.push(result)
    keepAttached(waybill, { channel, reference: first.reference, onAttach })
    await settled()
    expect(told).toEqual([{ ok: false, reason: 'refused' }])
    const stop = keepAttached(waybill, { channel, reference: second.reference })
    await settled()
    stop()
    first.succeed()
    await vi.waitFor(() => expect(steps).toEqual([first.reference, second.reference, first.reference, 'cleared']))
  },
)

test('a vendor that loads late has it then, and is not looked for after the stop', async () => {
  let isLoaded = false
  let waits: (() => void)[] = []
  const lengths: number[] = []
  const after = (ms: number, fn: () => void) => {
    lengths.push(ms)
    waits.push(fn)
    return () => void (waits = waits.filter((each) => each !== fn))
  }
  const { channel, steps } = aChannel(() => (isLoaded ? 'field' : 'missing'))
  const action = waybill.begin('Pay')
  const stop = keepAttached(waybill, { channel, reference: action.reference, after })
  await settled()
  // A change elsewhere does not make it forget to look again.
  waybill.begin('Browse').succeed()
  await waybill.flush()
  waits.shift()?.()
  await settled()
  expect(steps).toEqual(['missing', 'missing'])
  isLoaded = true
  waits.shift()?.()
  await settled()
  expect(steps.at(-1)).toBe(action.reference)
  expect(lengths).toEqual([1000, 2000])
  expect(waits).toEqual([])

  isLoaded = false
  action.fail(new Error('503'))
  await vi.waitFor(() => expect(waits).toHaveLength(1))
  stop()
  await settled()
  expect(waits).toEqual([])
})

test('it gives up looking after nine minutes', async () => {
  let waited = 0
  const after = (ms: number, fn: () => void) => {
    waited += ms
    queueMicrotask(fn)
    return () => undefined
  }
  const { channel } = aChannel(() => 'missing')
  keepAttached(waybill, { channel, reference: waybill.begin('Pay').reference, after })
  await settled()
  expect(waited).toBe(511_000)
})
