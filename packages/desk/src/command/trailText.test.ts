import { mintReference } from '@waybill/reference'
import { describe, expect, test } from 'vitest'
import type { Match } from '@waybill/desk'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { tailLine } from './tailCommand.ts'
import { trailText } from './trailText.ts'
import { cutText, wrapText } from './wrapText.ts'

const HOSTILE = '\u001B]0;owned\u0007\u001B[2J\r\n\u202Eevil\u009B31m'
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/

async function refundMatch({ handling }: { readonly handling?: object } = {}) {
  const owners = [{ service: 'refund-worker', name: 'Payments team', contact: '#payments in Slack' }]
  await using desk = openDesk({ owners })
  const { servers, browser, reference } = refundTrail()
  await desk.sendAsServer(servers)
  await desk.sendAsBrowser(browser)
  if (handling) {
    const headers = {
      authorization: `Bearer ${await desk.tokenFor('link')}`,
      'content-type': 'application/json',
    }
    const body = JSON.stringify({ after: null, ...handling })
    await desk.request(`/api/trails/${reference}/handling`, { method: 'POST', headers, body })
  }
  const { matches } = await desk.lookUp(reference)
  return matches[0]!
}

/** The same with every text in it replaced, as if a store had been tampered with. */
function spoiled<Value>(value: Value, text: string): Value {
  return JSON.parse(JSON.stringify(value), (name, each: unknown) =>
    [
      'name',
      'service',
      'type',
      'action',
      'sentence',
      'todo',
      'remains',
      'value',
      'kind',
      'by',
      'note',
      'contact',
    ].includes(name) && typeof each === 'string'
      ? text
      : each,
  ) as Value
}

describe('a trail in a terminal', () => {
  test('is the four answers and the steps, 80 columns wide', async () => {
    const lines = trailText(await refundMatch()).split('\n')
    expect(lines[0]).toMatch(/^\S+ {2}Request refund · failed at model$/)
    for (const label of ['Started', 'Touched', 'Failed', 'What to do'])
      expect(lines.filter((line) => line.startsWith(`  ${label} `))).toHaveLength(1)
    expect(lines.filter((line) => /^ {2}\d\d:\d\d:\d\d\.\d{3} /.test(line)).length).toBe(15)
    expect(lines.filter((line) => line.length > 80)).toEqual([])
    expect(lines.join('\n')).toContain('(30.0 s)')
  })

  test('says in a line each who handles it, and who looks after the place', async () => {
    const lineOf = (text: string, label: string): string[] =>
      text.split('\n').filter((line) => line.startsWith(`  ${label} `))
    const untouched = trailText(await refundMatch())
    expect(lineOf(untouched, 'Owner')).toEqual(['  Owner       Payments team, #payments in Slack'])
    expect(lineOf(untouched, 'Handled')).toEqual([])
    const taken = trailText(await refundMatch({ handling: { state: 'taken', by: 'Ada', note: 'calls' } }))
    expect(lineOf(taken, 'Handled')).toEqual([expect.stringMatching(/^ {2}Handled {5}Ada is on it since .+: calls$/)])
    const done = trailText(await refundMatch({ handling: { state: 'done', by: 'Ada' } }))
    expect(lineOf(done, 'Handled')).toEqual([expect.stringMatching(/Ada noted at .+ that it was handled$/)])
    const outdated = await refundMatch({ handling: { state: 'done', by: 'Ada', note: 'paid' } })
    const since = trailText({ ...outdated, handling: { ...outdated.handling!, isOutdated: true } })
    expect(since.replaceAll(/\s+/g, ' ')).toContain('that it was handled (something failed since): paid')
    // A desk of an earlier version tells neither.
    const { handling: _handling, owner: _owner, ...older } = await refundMatch()
    expect(trailText(older as Match)).not.toMatch(/Owner|Handled/)
  })

  test('holds nothing that a terminal obeys, whatever the store gives', async () => {
    const match = spoiled(
      { ...(await refundMatch({ handling: { state: 'taken', note: 'x' } })), foundBy: 'claimed-person' },
      HOSTILE,
    )
    expect(trailText(match)).not.toMatch(OBEYED)
    expect(tailLine(match)).not.toMatch(OBEYED)
    expect(tailLine(match)).not.toContain('\n')
  })

  test('stays in 80 columns with words that have no end and signs that are wide', async () => {
    for (const text of ['x'.repeat(500), '漢字'.repeat(200)]) {
      const match = spoiled(await refundMatch(), text)
      for (const line of [...trailText(match).split('\n'), tailLine(match)])
        expect([...line].length + (line.match(/[漢字]/g)?.length ?? 0)).toBeLessThanOrEqual(80)
    }
  })
})

test('text is broken between words, and cut where it must be one line', () => {
  expect(wrapText('one two three four', { head: 'a  ', width: 12 })).toBe('a  one two\n   three\n   four')
  expect(wrapText('', { head: 'Failed  ' })).toBe('Failed')
  expect(cutText('one two three', 8)).toBe('one two…')
  expect(cutText(mintReference({ length: 9 }), 11)).toHaveLength(11)
})
