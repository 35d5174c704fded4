import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeOtlp } from '@waybill/trail'
import { expect, test } from 'vitest'
import { bytesIn } from '../../../fixtures/dayFiles.ts'
import { openDesk } from '../../../fixtures/openDesk.ts'
import { refundTrail } from '../../../fixtures/refundTrail.ts'

test('the customer’s id is found by, and is nowhere in the files of the store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-rest-'))
  const person = 'customer-4711@example.com'
  {
    await using desk = openDesk({ database: join(folder, 'desk.db') })
    const { browser, servers, reference } = refundTrail({ person })
    expect(JSON.stringify(encodeOtlp(browser))).toContain(person)
    await desk.sendAsBrowser(browser)
    await desk.sendAsServer(servers.map((step) => (step.person ? { ...step, facts: { customer: person } } : step)))
    expect((await desk.lookUp(person.toUpperCase())).matches).toMatchObject([{ reference, foundBy: 'person' }])
    expect(JSON.stringify(await desk.lookUp(reference))).not.toContain('customer-4711')
    expectAbsent(folder, person)
  }
  expectAbsent(folder, person)
  rmSync(folder, { recursive: true })
})

function expectAbsent(folder: string, text: string): void {
  expect(readdirSync(folder)).toContain('desk.db')
  const bytes = bytesIn(folder)
  expect(bytes.includes('shop-api')).toBe(true)
  expect(bytes.includes(text)).toBe(false)
}
