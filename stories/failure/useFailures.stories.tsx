import { useRef } from 'react'
import type { JSX } from 'react'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { ErrorNotice, useFailures } from '@waybill/react'
import { expect, userEvent } from 'storybook/test'
import { SHOP_MAIL } from '../stage/shopMail.tsx'

/** Failures of event handlers and promises reach no error boundary. This brings them to the same notices. */
export default {
  component: Details,
  parameters: { contact: SHOP_MAIL },
} satisfies Meta<typeof Details>

type Story = StoryObj<typeof Details>

export const NothingFailed: Story = { play: ({ canvas }) => expect(canvas.queryByRole('alert')).toBeNull() }

export const OneFailed: Story = {
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Save address' }))
    await expect(await canvas.findByText('RF7-K29-QXR')).toBeVisible()
  },
}

/** Each has its own code, whichever ends first. */
export const BothFailed: Story = {
  play: async ({ canvas, canvasElement }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Save address' }))
    await userEvent.click(canvas.getByRole('button', { name: 'Add photo' }))
    await canvas.findByText('KN8-566-6Y8')
    await expect(canvasElement.querySelectorAll('[data-waybill-reference]')).toHaveLength(2)
  },
}

/** The first attempt failed, the second did not: the notice is gone. */
export const TriedAgain: Story = {
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Save address' }))
    await userEvent.click(await canvas.findByRole('button', { name: 'Try again' }))
    await expect(canvas.queryByRole('alert')).toBeNull()
  },
}

function Details(): JSX.Element {
  const address = useFailures({ name: 'Save address' })
  const photo = useFailures({ name: 'Add photo' })
  return (
    <div style={{ display: 'grid', gap: 16, justifyItems: 'start' }}>
      <button type="button" onClick={address.guard(useFailsOnce())}>
        Save address
      </button>
      {address.failures.map((failure) => (
        <ErrorNotice key={failure.id} {...failure} title="Your address was not saved." />
      ))}
      <button type="button" onClick={photo.guard(useFailsOnce())}>
        Add photo
      </button>
      {photo.failures.map((failure) => (
        <ErrorNotice key={failure.id} {...failure} title="Your photo was not added." />
      ))}
    </div>
  )
}

/** Work that fails the first time and is done the second. */
function useFailsOnce(): () => Promise<void> {
  const attempts = useRef(0)
  return async () => {
    if (attempts.current++ === 0) throw new Error('No answer')
  }
}
