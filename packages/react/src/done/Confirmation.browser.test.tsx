import { act, cleanup, render } from '@testing-library/react'
import type { ReactNode } from 'react'
import { afterEach, expect, test, vi } from 'vitest'
import { createWaybill } from '@waybill/browser'
import { mintReference } from '@waybill/reference'
import { Confirmation, WaybillProvider } from '@waybill/react'
import { listen } from '../../fixtures/listen.ts'

afterEach(cleanup)

test('says once that the work is done, and leaves the code that somebody may be reading where it is', async () => {
  const reference = mintReference()
  const { container, getByRole, rerender } = render(<Confirmation state="pending" reference={reference} />)
  const code = getByRole('button')
  code.focus()
  const heard = listen(container)
  rerender(<Confirmation reference={reference} title="Refund requested" />)
  await vi.waitFor(() => expect(heard).toEqual(['Refund requested']))
  expect(document.activeElement).toBe(code)
  expect(container.firstElementChild?.getAttribute('data-state')).toBe('done')
})

test('tells support what it says, the last word when the work is done', async () => {
  const bodies: string[] = []
  const fetch = (_: unknown, init?: RequestInit): Promise<Response> => {
    if (typeof init?.body === 'string') bodies.push(init.body)
    return Promise.resolve(new Response())
  }
  const waybill = createWaybill({ service: 'shop-web', deliverTo: '/desk', fetch })
  const action = waybill.begin('Request refund')
  action.headers()
  const { reference } = action
  const shows = (confirmation: ReactNode) => <WaybillProvider waybill={waybill}>{confirmation}</WaybillProvider>
  const { rerender } = render(shows(<Confirmation state="pending" reference={reference} />))
  await act(() => waybill.flush())
  expect(bodies.join()).toContain('"waybill.screen.text","value":{"stringValue":"Still working on it"}')
  action.succeed()
  rerender(shows(<Confirmation reference={reference} title="Refund requested" />))
  await act(() => waybill.flush())
  expect(bodies.at(-1)).toContain('"waybill.screen.text","value":{"stringValue":"Refund requested"}')
  waybill.session.clear()
  waybill.stop()
})

test('shows no label for a code that is not there', () => {
  const { container } = render(<Confirmation reference={undefined} title="Refund requested" />)
  expect(container.textContent).toBe('Refund requested')
})
