import { stepWords } from '@waybill/trail'
import { expect, test } from 'vitest'

const model = { hop: 'model', service: 'refund-worker', name: 'chat gpt-5', durationMs: 900, status: 'error' } as const

test('a model call says which prompt it was', () => {
  const prompt = { 'gen_ai.prompt.name': 'refund-review', 'gen_ai.prompt.version': '7' }
  expect(stepWords({ ...model, attributes: prompt }).deed).toBe('asked the model: chat gpt-5, prompt refund-review 7')
  expect(stepWords(model).deed).toBe('asked the model: chat gpt-5')
  expect(stepWords({ ...model, hop: 'tool', attributes: prompt }).deed).toBe('used the tool chat gpt-5')
})

test.each([
  ['rate_limit_exceeded', 'there were too many requests (rate_limit_exceeded)'],
  ['rate_limit_error', 'there were too many requests (rate_limit_error)'],
  ['overloaded_error', 'the provider had no capacity (overloaded_error)'],
  ['incomplete_answer', 'the answer ended before it was whole (incomplete_answer)'],
  ['malformed_answer', 'the answer could not be read (malformed_answer)'],
  ['tool_error', 'the tool says that it failed (tool_error)'],
  ['insufficient_quota', 'it failed (insufficient_quota)'],
])('a provider’s word %s is put into ours', (type, words) => {
  expect(stepWords({ ...model, error: { type } }).trouble).toBe(words)
})

test.each([
  ['api', '401', 'the customer was not signed in (401)'],
  ['worker', '401', 'the answer was 401'],
  ['api', '402', 'the bank declined it (402)'],
  ['tool', '402', 'the answer was 402'],
  ['tool', 'card_declined', 'the bank declined it (card_declined)'],
  ['worker', 'declined_by_fraud_check', 'it was declined (declined_by_fraud_check)'],
] as const)('of %s, %s says only what is known of who refused: %s', (hop, type, words) => {
  expect(stepWords({ ...model, hop, error: { type } }).trouble).toBe(words)
})
