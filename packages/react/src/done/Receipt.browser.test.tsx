import { cleanup, render } from '@testing-library/react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import { cdp } from 'vitest/browser'
import { mintReference } from '@waybill/reference'
import { Receipt, ReceiptRow } from '@waybill/react'

const reference = mintReference()
const at = new Date('2026-11-22T10:14:03Z')

afterEach(async () => {
  cleanup()
  await cdp().send('Emulation.setTimezoneOverride', { timezoneId: '' })
})

test('shows the time of the reader’s zone over HTML from a server in another', async () => {
  await cdp().send('Emulation.setTimezoneOverride', { timezoneId: 'Asia/Tokyo' })
  const container = document.body.appendChild(document.createElement('div'))
  const receipt = <Receipt reference={reference} title="Receipt" at={at} />
  container.innerHTML = renderToString(receipt)
  const time = () => container.querySelector('time')?.textContent
  expect(time()).toBe('22 November 2026 at 10:14 UTC')
  const problems: unknown[] = []
  const root = hydrateRoot(container, receipt, { onRecoverableError: (error) => problems.push(error) })
  await vi.waitFor(() => expect(time()).toBe('22 November 2026 at 19:14 GMT+9'))
  expect(problems).toEqual([])
  root.unmount()
  container.remove()
})

test('tells the time in the language it was given', () => {
  const { getByRole } = render(<Receipt reference={reference} title="Beleg" at={at} labels={{ locale: 'de' }} />)
  expect(getByRole('time').textContent).toContain('22. November 2026')
})

test('lists its rows before date and reference', () => {
  const { getAllByRole } = render(
    <Receipt reference={reference} title="Receipt" at={at}>
      <ReceiptRow label="Lamp">£48.00</ReceiptRow>
      <ReceiptRow label="Total" emphasis="total">
        £48.00
      </ReceiptRow>
    </Receipt>,
  )
  expect(getAllByRole('term').map((term) => term.textContent)).toEqual(['Lamp', 'Total', 'Date', 'Reference'])
})
