import { useState } from 'react'
import type { JSX } from 'react'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { ErrorNotice, Toasts } from '@waybill/react'
import { expect, userEvent } from 'storybook/test'
import { goOffline } from '../stage/goOffline.ts'
import { ownFrame } from '../stage/ownFrame.ts'
import { SHOP_MAIL } from '../stage/shopMail.tsx'
import { FIRST, SECOND } from '../stage/stillReferences.ts'

export default {
  component: Toasts,
  parameters: { contact: SHOP_MAIL, ...ownFrame(640) },
  render: () => <Corner failures={[{ reference: FIRST, title: 'Your address was not saved.' }]} />,
} satisfies Meta<typeof Toasts>

type Story = StoryObj<typeof Toasts>

/** It stays until it is dismissed, and does not take the focus from what the customer is doing. */
export const One: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('region', { name: 'Notices' })).toBeVisible()
    await expect(document.body).toHaveFocus()
  },
}

export const Two: Story = {
  render: () => (
    <Corner
      failures={[
        { reference: FIRST, title: 'Your address was not saved.' },
        { reference: SECOND, title: 'Your photo was not added.' },
      ]}
    />
  ),
}

/** By its button or by Escape; the others stay. */
export const OneDismissed: Story = {
  ...Two,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getAllByRole('button', { name: 'Dismiss' })[0]!)
    await expect(canvas.queryByText('Your address was not saved.')).toBeNull()
    await expect(canvas.getByText('Your photo was not added.')).toBeVisible()
  },
}

export const Empty: Story = {
  render: () => <Corner failures={[]} />,
  play: ({ canvas }) => expect(canvas.queryByRole('alert')).toBeNull(),
}

export const SavedOffline: Story = { beforeEach: goOffline, globals: { delivery: 'saved' } }

export const LongPrefix: Story = { globals: { prefix: 'ORDER' } }

export const RightToLeft: Story = {
  globals: { language: 'ar' },
  render: () => <Corner failures={[{ reference: FIRST, title: 'لم يتم حفظ عنوانك.' }]} />,
}

export const Dark: Story = { globals: { theme: 'dark' } }

/** Toasts over a page that goes on. */
function Corner({ failures }: { readonly failures: readonly Toasted[] }): JSX.Element {
  const [shown, setShown] = useState(failures)
  return (
    <>
      <p>Your details</p>
      <Toasts>
        {shown.map((failure) => (
          <ErrorNotice
            key={failure.reference}
            {...failure}
            variant="toast"
            onRetry={() => undefined}
            onDismiss={() => setShown((all) => all.filter((each) => each !== failure))}
          />
        ))}
      </Toasts>
    </>
  )
}

interface Toasted {
  readonly reference: typeof FIRST
  readonly title: string
}
