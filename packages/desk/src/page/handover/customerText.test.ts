import type { Reference } from '@waybill/reference'
import { describe, expect, test } from 'vitest'
import { refundTrail } from '../../../fixtures/refundTrail.ts'
import type { Match } from '../../lookup/Match.ts'
import { matchOf } from '../../lookup/matchOf.ts'
import { customerText } from './customerText.ts'
import { CUSTOMER_LANGUAGES } from './languages/CUSTOMER_LANGUAGES.ts'
import type { CustomerLanguage } from './languages/CUSTOMER_LANGUAGES.ts'

const LANGUAGES = Object.keys(CUSTOMER_LANGUAGES) as CustomerLanguage[]
const begunAt = Date.UTC(2026, 10, 22, 10, 14, 3)

function refund(over: Partial<Match> = {}): Match {
  const { browser, servers, reference } = refundTrail({ reference: 'RF7-K29-QXR' as Reference, begunAt })
  const stored = [...browser, ...servers].map((step) => ({ ...step, person: undefined }))
  const match = matchOf(stored, { reference, foundBy: 'reference', namespace: '', now: begunAt + 600_000 })!
  return { ...match, ...over }
}

test('is a whole reply, by the customer’s own clock where their browser said which', () => {
  expect(customerText(refund({ timeZone: 'Europe/Berlin' }), { language: 'english' })).toBe(
    [
      'Hello,',
      'This did not finish by itself, and we have to complete it by hand. You do not need to do anything; please do not do it a second time.',
      'Your reference is RF7-K29-QXR (22 November 2026 at 11:14). Please quote it if you write to us about this.',
    ].join('\n\n'),
  )
  expect(customerText(refund(), { language: 'german' })).toContain('RF7-K29-QXR (22. November 2026 um 10:14 UTC)')
})

describe.each(LANGUAGES)('in %s', (language) => {
  const { messages, reference } = CUSTOMER_LANGUAGES[language]

  test('has words of its own for everything that is said in English', () => {
    const english = Object.values(CUSTOMER_LANGUAGES.english.messages)
    const words = Object.values(messages)
    expect(new Set(words).size).toBe(english.length)
    if (language !== 'english') expect(words.filter((each) => english.includes(each))).toEqual([])
    expect(reference).toMatch(/\{reference\}.*\{when\}/)
  })

  test('names the reference, and nothing else that is inside', () => {
    const match = refund()
    const text = customerText(match, { language })
    expect(text).toContain('RF7-K29-QXR')
    const inner = match.steps.flatMap(({ id, service, name, jobId, error, facts }) => [
      id,
      service,
      name,
      jobId,
      error?.type,
      error?.message,
      ...Object.values(facts),
    ])
    for (const word of [...inner, match.traceId, match.session, match.remains])
      if (word) expect(text).not.toContain(word)
    expect(text).not.toMatch(/[!！¡]|[{}]|null|undefined/)
  })
})
