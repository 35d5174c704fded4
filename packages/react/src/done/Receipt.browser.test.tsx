import { cleanup, render } from '@testing-library/react'
import jsQR from 'jsqr'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { afterEach, expect, test, vi } from 'vitest'
import { cdp } from 'vitest/browser'
import { mintReference } from '@waybill/reference'
import { Receipt, ReceiptRow } from '@waybill/react'
import '@waybill/react/styles.css'
import { encodeQr } from './encodeQr.ts'

// Its types say what Node makes of the import; Vite gives the function itself.
const readQr = jsQR as unknown as typeof jsQR.default

const reference = mintReference()
const at = new Date('2026-11-22T10:14:03Z')

afterEach(async () => {
  cleanup()
  await cdp().send('Emulation.setTimezoneOverride', { timezoneId: '' })
  await cdp().send('Emulation.setEmulatedMedia', { media: '' })
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

test('on paper it has a QR code that leads to the reference, and no QR code on the screen', async () => {
  const lookUpUrl = (code: string) => `https://shop.example/help?reference=${code}`
  const { container, findByRole } = render(
    <Receipt reference={reference} title="Receipt" at={at} lookUpUrl={lookUpUrl} />,
  )
  await vi.waitFor(() => expect(container.querySelector('[data-part=qr] svg')).not.toBeNull())
  const figure = container.querySelector('[data-part=qr]')
  expect(figure?.checkVisibility()).toBe(false)
  await cdp().send('Emulation.setEmulatedMedia', { media: 'print' })
  expect(figure?.checkVisibility()).toBe(true)
  expect(container.querySelector('[data-part=copy]')?.checkVisibility()).toBe(false)
  const name = (await findByRole('img')).getAttribute('aria-label')
  expect(name).toBe(
    `QR code for reference ${reference
      .split('-')
      .map((group) => group.split('').join(' '))
      .join(', ')}`,
  )
  expect(await scan(container.querySelector('svg'))).toBe(lookUpUrl(reference))
})

test.each([
  [
    'that throws',
    () => {
      throw new Error('no address')
    },
  ],
  ['too long for a QR code', () => 'x'.repeat(5000)],
])('a look-up address %s takes nothing away but the QR code', async (_, lookUpUrl: () => string) => {
  const { container } = render(<Receipt reference={reference} title="Receipt" at={at} lookUpUrl={lookUpUrl} />)
  expect(container.querySelector('[data-waybill-reference]')).not.toBeNull()
  await expect(encodeQr('x'.repeat(5000))).resolves.toBeUndefined()
  expect(container.querySelector('[data-part=qr]')).toBeNull()
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

/** What a phone's camera reads in a drawing. */
async function scan(svg: SVGElement | null): Promise<string | undefined> {
  const copy = svg?.cloneNode(true) as SVGElement
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', '400')
  copy.setAttribute('height', '400')
  const image = new Image(400, 400)
  image.src = `data:image/svg+xml,${encodeURIComponent(copy.outerHTML)}`
  await image.decode()
  const context = new OffscreenCanvas(400, 400).getContext('2d')
  context?.drawImage(image, 0, 0)
  const pixels = context?.getImageData(0, 0, 400, 400)
  return pixels && readQr(pixels.data, 400, 400)?.data
}
