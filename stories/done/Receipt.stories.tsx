import type { Meta, StoryObj } from '@storybook/react-vite'
import { Receipt, ReceiptRow } from '@waybill/react'
import { expect } from 'storybook/test'
import { goOffline } from '../stage/goOffline.ts'
import { ownFrame } from '../stage/ownFrame.ts'
import { showAsPrinted } from '../stage/showAsPrinted.ts'
import { FIRST } from '../stage/stillReferences.ts'

export default {
  component: Receipt,
  subcomponents: { ReceiptRow },
  args: {
    reference: FIRST,
    title: 'Receipt',
    at: new Date('2026-11-22T10:14:03.000Z'),
    lookUpUrl: (reference) => `https://shop.example/support/${reference}`,
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
  argTypes: { at: { control: 'date' }, children: { control: false } },
} satisfies Meta<typeof Receipt>

type Story = StoryObj<typeof Receipt>

export const Paid: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByText('£71.80')).toBeVisible()
    await expect(canvas.getByText(/^22 November 2026 at /)).toBeVisible()
  },
}

export const WithoutRows: Story = { args: { children: null } }

export const WithoutReference: Story = {
  args: { reference: undefined },
  play: ({ canvas }) => expect(canvas.queryByText('Reference')).toBeNull(),
}

export const SavedOffline: Story = { beforeEach: goOffline, globals: { delivery: 'saved' } }

export const InMemoryOnly: Story = { globals: { delivery: 'memory' } }

export const LongPrefix: Story = { globals: { prefix: 'ORDER' } }

/** Long names and amounts wrap between, never inside, an amount. */
export const LongRows: Story = {
  args: {
    children: (
      <>
        <ReceiptRow label="Walnut desk lamp with brass arm, dimmable, with 2 m of woven cable × 12">
          12,576,000.00 UZS
        </ReceiptRow>
        <ReceiptRow label="Total" emphasis="total">
          12,576,000.00 UZS
        </ReceiptRow>
      </>
    ),
  },
}

export const RightToLeft: Story = {
  globals: { language: 'ar' },
  args: {
    title: 'إيصال',
    children: (
      <>
        <ReceiptRow label="مصباح مكتب من خشب الجوز × 1">£48.00</ReceiptRow>
        <ReceiptRow label="المجموع" emphasis="total">
          £48.00
        </ReceiptRow>
      </>
    ),
  },
}

export const Dark: Story = { globals: { theme: 'dark' } }

/** On paper: black on white, with a QR code that opens what happened with this reference. */
export const Printed: Story = {
  parameters: ownFrame(680),
  beforeEach: showAsPrinted,
  play: async ({ canvas }) => {
    await expect(await canvas.findByRole('img', { name: /^QR code for reference/ })).toBeVisible()
    await expect(canvas.getByText('Copy')).not.toBeVisible()
  },
}

export const PrintedFromDark: Story = { ...Printed, globals: { theme: 'dark' } }
