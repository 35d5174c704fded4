import type { Meta, StoryObj } from '@storybook/react-vite'
import { mailto } from '@waybill/browser/support'
import { ContactSupport, ErrorNotice } from '@waybill/react'
import { ARABIC } from './arabic.ts'
import { FIRST, SECOND } from './stillWaybill.ts'

/** What did not happen, the reference of exactly that failure, and what to do next. */
export default {
  component: ErrorNotice,
  args: {
    reference: FIRST,
    title: 'Your refund was not requested.',
    children: 'You have not been charged again. Your order stays as it was.',
    onRetry: () => undefined,
  },
  parameters: { contact: <ContactSupport channel={mailto({ to: 'help@shop.example' })} /> },
} satisfies Meta<typeof ErrorNotice>

type Story = StoryObj<typeof ErrorNotice>

export const Delivered: Story = {}

export const SavedOffline: Story = { parameters: { delivery: 'saved' } }

export const InMemoryOnly: Story = { parameters: { delivery: 'memory' } }

export const NotStoredYet: Story = { parameters: { delivery: 'pending' } }

export const WholePage: Story = { args: { variant: 'page', title: 'This page could not be shown.', children: null } }

export const TwoFailures: Story = {
  render: (args) => (
    <div style={{ display: 'grid', gap: 16 }}>
      <ErrorNotice {...args} />
      <ErrorNotice {...args} reference={SECOND} title="Your address was not saved." />
    </div>
  ),
}

export const NothingToRetry: Story = {
  args: { onRetry: undefined, title: 'Your card was declined.', children: 'Use another card, or ask your bank.' },
}

export const WithoutContact: Story = { parameters: { contact: undefined } }

export const WithoutReference: Story = { args: { reference: undefined } }

export const LongPrefix: Story = { parameters: { prefix: 'ORDER' } }

export const RightToLeft: Story = {
  globals: { direction: 'rtl' },
  parameters: { labels: ARABIC },
  args: { title: 'لم يتم طلب استرداد المبلغ.', children: 'لم يتم الخصم مرة أخرى.' },
}

export const Dark: Story = { globals: { theme: 'dark' } }
