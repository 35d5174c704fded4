import { useState } from 'react'
import type { JSX } from 'react'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { ReferenceCode, WaybillBoundary } from '@waybill/react'
import { expect, userEvent } from 'storybook/test'
import { SHOP_MAIL } from '../stage/shopMail.tsx'

export default {
  component: WaybillBoundary,
  args: { title: 'Your orders could not be shown.', children: <Crash /> },
  argTypes: { fallback: { control: false }, children: { control: false }, resetKeys: { control: false } },
  parameters: { contact: SHOP_MAIL },
} satisfies Meta<typeof WaybillBoundary>

type Story = StoryObj<typeof WaybillBoundary>

export const Crashed: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('heading', { name: 'Your orders could not be shown.' })).toBeVisible()
    await expect(canvas.getByText('RF7-K29-QXR')).toBeVisible()
  },
}

export const NothingCrashed: Story = { args: { children: <p>Three orders</p> } }

/** "Try again" renders the same part anew, as the next attempt of the same action. */
export const TriedAgain: Story = {
  render: (args) => <CrashesOnce {...args} />,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Try again' }))
    await expect(canvas.getByText('Three orders')).toBeVisible()
    await expect(canvas.queryByRole('alert')).toBeNull()
  },
}

/** A part of the page small enough to say so in one line. */
export const OwnFallback: Story = {
  args: {
    fallback: ({ reference }) => (
      <p>
        This part is out of order. <ReferenceCode reference={reference} />
      </p>
    ),
  },
  play: ({ canvas }) => expect(canvas.getByText('RF7-K29-QXR')).toBeVisible(),
}

export const RightToLeft: Story = { globals: { language: 'ar' }, args: { title: 'تعذّر عرض طلباتك.' } }

export const Dark: Story = { globals: { theme: 'dark' } }

function Crash(): JSX.Element {
  throw new Error('Orders came without items.')
}

function CrashesOnce({ title }: { readonly title: React.ReactNode }): JSX.Element {
  const [isMended, setMended] = useState(false)
  return (
    <WaybillBoundary title={title} onReset={() => setMended(true)}>
      {isMended ? <p>Three orders</p> : <Crash />}
    </WaybillBoundary>
  )
}
