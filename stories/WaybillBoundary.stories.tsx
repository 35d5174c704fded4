import type { Meta, StoryObj } from '@storybook/react-vite'
import { mailto } from '@waybill/browser/support'
import { ContactSupport, ReferenceCode, WaybillBoundary } from '@waybill/react'
import type { JSX } from 'react'

/** What a customer sees when part of the page could not be rendered: a crash gets a reference too. */
export default {
  component: WaybillBoundary,
  args: { title: 'Your orders could not be shown.', children: <Crash /> },
  parameters: { contact: <ContactSupport channel={mailto({ to: 'help@shop.example' })} /> },
} satisfies Meta<typeof WaybillBoundary>

type Story = StoryObj<typeof WaybillBoundary>

export const Crashed: Story = {}

export const OwnFallback: Story = {
  args: {
    fallback: ({ reference }) => (
      <p>
        This part is out of order. <ReferenceCode reference={reference} />
      </p>
    ),
  },
}

function Crash(): JSX.Element {
  throw new Error('Orders came without items.')
}
