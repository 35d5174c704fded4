import { mintReference, traceIdOf } from '@waybill/reference'
import { orderSteps } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { expect, test } from 'vitest'

const reference = mintReference()

function step(id: string, at: number, over: Partial<Step> = {}): Step {
  const traceId = traceIdOf(reference)
  return { id, reference, traceId, hop: 'api', service: 's', name: id, at, durationMs: 1, status: 'ok', ...over }
}

const names = (steps: readonly Step[]): string[] => orderSteps(steps).map((each) => each.name)

test('orders by time, whatever order steps arrived in', () => {
  expect(names([step('c', 30), step('a', 10), step('b', 20)])).toEqual(['a', 'b', 'c'])
})

test('never shows a step before its cause, however far the clocks are apart', () => {
  const steps = [step('worker', 5, { parentId: 'queue' }), step('queue', 100), step('model', 7, { parentId: 'worker' })]
  expect(names([...steps, step('later', 101)])).toEqual(['queue', 'worker', 'model', 'later'])
})

test('takes a step that was sent twice once, and a finished telling before an open one', () => {
  const open = step('a', 10, { status: 'running' })
  expect(orderSteps([open, step('a', 10), open, step('a', 10)])).toEqual([step('a', 10)])
})

test('takes a real end before one that was cut short because the page went, and that before none', () => {
  const open = step('a', 10, { status: 'running' })
  const left = step('a', 10, { status: 'error', error: { type: 'page_left' } })
  const abandoned = step('b', 10, { action: 'abandoned' })
  const [real, failed] = [step('a', 10), step('b', 10, { action: 'failed', status: 'error', error: { type: '503' } })]
  expect(orderSteps([open, left, abandoned])).toEqual([left, abandoned])
  expect(orderSteps([left, real, open, abandoned, failed])).toEqual([real, failed])
  expect(orderSteps([real, failed, left, abandoned])).toEqual([real, failed])
})

test('lets a server tell a step rather than a browser', () => {
  const claim = step('a', 10, { claimed: true, name: 'claimed' })
  expect(names([claim, step('a', 10)])).toEqual(['a'])
  expect(names([step('a', 10), claim])).toEqual(['a'])
  const going = step('a', 10, { status: 'running' })
  expect(orderSteps([claim, going])).toEqual([going])
})

test('shows a started marker as running until the step itself is there', () => {
  const marker = step('m', 10, { startedFor: 'a', status: 'running' })
  expect(orderSteps([marker])).toMatchObject([{ id: 'a', status: 'running' }])
  expect(orderSteps([marker, step('a', 10)])).toEqual([step('a', 10)])
})

test('ends on circles of causes and on a step that names itself', () => {
  const circle = [step('a', 1, { parentId: 'b' }), step('b', 2, { parentId: 'a' }), step('c', 3, { parentId: 'c' })]
  expect(orderSteps(circle)).toHaveLength(3)
})

test('orders ten thousand steps in one chain', () => {
  const chain = Array.from({ length: 10_000 }, (_, i) => step(`s${i}`, i, i ? { parentId: `s${i - 1}` } : {}))
  expect(names(chain.toReversed())).toEqual(chain.map((each) => each.name))
})
