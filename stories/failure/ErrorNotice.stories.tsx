import type { Meta, StoryObj } from '@storybook/react-vite'
import { ErrorNotice } from '@waybill/react'
import { expect, fn, userEvent } from 'storybook/test'
import { allowClipboard } from '../stage/allowClipboard.ts'
import { goOffline } from '../stage/goOffline.ts'
import { refuseClipboard } from '../stage/refuseClipboard.ts'
import { SHOP_MAIL } from '../stage/shopMail.tsx'
import { showAsPrinted } from '../stage/showAsPrinted.ts'
import { FIRST, SECOND } from '../stage/stillReferences.ts'

export default {
  component: ErrorNotice,
  args: {
    reference: FIRST,
    title: 'Your refund was not requested.',
    children: 'You have not been charged again. Your order stays as it was.',
    onRetry: fn(),
  },
  argTypes: {
    variant: { control: 'inline-radio', options: ['inline', 'page'] },
    error: { control: false },
    contact: { control: false },
  },
  parameters: { contact: SHOP_MAIL },
} satisfies Meta<typeof ErrorNotice>

type Story = StoryObj<typeof ErrorNotice>

/** Support can already find it. */
export const Delivered: Story = {
  play: async ({ canvas, args }) => {
    await expect(canvas.getByRole('alert')).toHaveTextContent('Your refund was not requested.')
    await expect(
      await canvas.findByText(
        'Support can find what happened with this reference. It is attached when you contact us from here.',
      ),
    ).toBeVisible()
    await userEvent.click(canvas.getByRole('button', { name: 'Try again' }))
    await expect(args.onRetry).toHaveBeenCalledOnce()
  },
}

/** The browser is offline, and the failure is kept on the device. */
export const SavedOffline: Story = {
  beforeEach: goOffline,
  globals: { delivery: 'saved' },
  play: async ({ canvas }) => {
    await expect(await canvas.findByText(/^Saved on this device\./)).toBeVisible()
    await expect(canvas.queryByText(/Support can find/)).toBeNull()
  },
}

/** Storage was refused, so the reference would be lost with the page. */
export const InMemoryOnly: Story = {
  globals: { delivery: 'memory' },
  play: ({ canvas }) => expect(canvas.getByText('Copy this reference before you leave the page.')).toBeVisible(),
}

/** In the first moment nothing is claimed: the reference is there, the sentence follows. */
export const NotStoredYet: Story = {
  globals: { delivery: 'pending' },
  play: ({ canvas }) => expect(canvas.queryByText(/Support can find|Saved on/)).toBeNull(),
}

export const Copied: Story = {
  beforeEach: allowClipboard,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: /^Copy reference/ }))
    await expect(await canvas.findByText('Copied')).toBeVisible()
  },
}

export const CopyFailed: Story = {
  beforeEach: refuseClipboard,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: /^Copy reference/ }))
    await expect(await canvas.findByText('Selected: copy it now')).toBeVisible()
  },
}

/** What the customer reads when they ask what the code is. */
export const WhatIsThis: Story = {
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByText('What is this?'))
    await expect(canvas.getByText('Safe to share. It contains nothing about you.')).toBeVisible()
  },
}

/** The failure is all there is to see. */
export const WholePage: Story = {
  args: { variant: 'page', title: 'This page could not be shown.', children: null },
  play: ({ canvas }) => expect(canvas.getByRole('heading', { level: 1 })).toBeVisible(),
}

/** Two things failed: two notices, each with its own code. */
export const TwoFailures: Story = {
  render: (args) => (
    <div style={{ display: 'grid', gap: 16 }}>
      <ErrorNotice {...args} />
      <ErrorNotice {...args} reference={SECOND} title="Your address was not saved." />
    </div>
  ),
  play: async ({ canvasElement }) => {
    const codes = [...canvasElement.querySelectorAll('[data-waybill-reference]')]
    await expect(codes.map((code) => code.getAttribute('data-waybill-reference'))).toEqual([FIRST, SECOND])
  },
}

export const NothingToRetry: Story = {
  args: { onRetry: undefined, title: 'Your card was declined.', children: 'Use another card, or ask your bank.' },
}

export const WithoutContact: Story = {
  args: { contact: null },
  play: ({ canvas }) => expect(canvas.queryByText(/It is attached/)).toBeNull(),
}

/** The failure could not be told apart from another: better no code than a wrong one. */
export const WithoutReference: Story = {
  args: { reference: undefined },
  play: ({ canvas }) => expect(canvas.queryByRole('button', { name: /^Copy/ })).toBeNull(),
}

/** While nothing has failed there is nothing to see. */
export const NothingFailed: Story = {
  args: { reference: undefined, error: null },
  play: ({ canvasElement }) => expect(canvasElement.querySelector('[data-waybill]')).toBeNull(),
}

export const LongPrefix: Story = { globals: { prefix: 'ORDER' } }

export const LongWords: Story = {
  args: {
    title: 'Die Rechtsschutzversicherungsgesellschaften konnten nicht benachrichtigt werden, und Ihr Antrag ruht.',
    children:
      'Datei: Kontoauszug_2026-11-22_Hauptwohnsitzfinanzierungsbestätigung_unterschrieben_gescannt_endgültig.pdf',
  },
  globals: { language: 'de', prefix: 'ORDER' },
}

export const RightToLeft: Story = {
  globals: { language: 'ar' },
  args: { title: 'لم يتم طلب استرداد المبلغ.', children: 'لم يتم الخصم مرة أخرى، ولم يتغيّر طلبك.' },
}

export const Dark: Story = { globals: { theme: 'dark' } }

export const Printed: Story = {
  beforeEach: showAsPrinted,
  play: async ({ canvas }) => {
    await expect(canvas.getByText('RF7-K29-QXR')).toBeVisible()
    await expect(canvas.getByText('Try again')).not.toBeVisible()
  },
}
