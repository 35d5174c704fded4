import type { Meta, StoryObj } from '@storybook/react-vite'
import { Confirmation } from '@waybill/react'
import { FIRST } from './stillWaybill.ts'

/** What was done, the reference to keep, and what happens next. */
export default {
  component: Confirmation,
  args: { reference: FIRST, title: 'Refund requested', children: 'We check the charge and e-mail you by Tuesday.' },
} satisfies Meta<typeof Confirmation>

type Story = StoryObj<typeof Confirmation>

export const Done: Story = {}

/** The reference is there at once, not after the wait. */
export const Pending: Story = {
  args: { state: 'pending', title: undefined, children: 'This can take a minute. You can leave this page.' },
}

export const SavedOffline: Story = { parameters: { delivery: 'saved' } }

export const WithoutReference: Story = { args: { reference: undefined } }

export const Dark: Story = { globals: { theme: 'dark' } }
