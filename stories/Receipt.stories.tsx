import type { Meta, StoryObj } from '@storybook/react-vite'
import { Receipt, ReceiptRow } from '@waybill/react'
import { ARABIC } from './arabic.ts'
import { FIRST } from './stillWaybill.ts'

/** A receipt to keep or print: rows, date and time with zone, and the reference. */
export default {
  component: Receipt,
  args: {
    reference: FIRST,
    title: 'Receipt',
    at: new Date('2026-11-22T10:14:03.000Z'),
    children: (
      <>
        <ReceiptRow label="Walnut desk lamp × 1">£48.00</ReceiptRow>
        <ReceiptRow label="Linen notebook × 2">£19.80</ReceiptRow>
        <ReceiptRow label="Delivery">£4.00</ReceiptRow>
        <ReceiptRow label="Total" emphasis="total">
          £71.80
        </ReceiptRow>
      </>
    ),
  },
} satisfies Meta<typeof Receipt>

type Story = StoryObj<typeof Receipt>

export const Paid: Story = {}

export const WithoutRows: Story = { args: { children: null } }

export const WithoutReference: Story = { args: { reference: undefined } }

export const RightToLeft: Story = {
  globals: { direction: 'rtl' },
  parameters: { labels: ARABIC },
  args: { title: 'إيصال' },
}

export const Dark: Story = { globals: { theme: 'dark' } }
