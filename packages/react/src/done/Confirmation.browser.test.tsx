import { cleanup, render } from '@testing-library/react'
import { afterEach, expect, test, vi } from 'vitest'
import { mintReference } from '@waybill/reference'
import { Confirmation } from '@waybill/react'
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

test('shows no label for a code that is not there', () => {
  const { container } = render(<Confirmation reference={undefined} title="Refund requested" />)
  expect(container.textContent).toBe('Refund requested')
})
