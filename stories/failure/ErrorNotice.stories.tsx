import type { Meta, StoryObj } from '@storybook/react-vite'
import { ErrorNotice } from '@waybill/react'
import { expect, fn, userEvent } from 'storybook/test'
import { allowClipboard } from '../stage/allowClipboard.ts'
import { goOffline } from '../stage/goOffline.ts'
import { ownFrame } from '../stage/ownFrame.ts'
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
    await expect(
      await canvas.findByText('Saved on this device. Support can see it when you are back online.'),
    ).toBeVisible()
    await expect(canvas.queryByText(/Support can find/)).toBeNull()
  },
}

/** There is a connection, and the desk has not answered yet. */
export const StillSending: Story = {
  parameters: ownFrame(320),
  globals: { delivery: 'saved' },
  play: async ({ canvas }) => {
    const sentence = 'Saved on this device. We are still sending it to support.'
    await expect(await canvas.findByText(sentence, undefined, { timeout: 5000 })).toBeVisible()
    await expect(canvas.queryByText(/back online/)).toBeNull()
  },
}

/** The app delivers nothing, so nothing is said of support finding it. */
export const NeverSent: Story = {
  globals: { delivery: 'local-only' },
  play: async ({ canvas, canvasElement }) => {
    await expect(canvas.getByText('Copy this reference when you contact us.')).toBeVisible()
    await userEvent.click(canvas.getByText('What is this?'))
    await expect(canvas.getByText('A number for what you just did. Safe to share.')).toBeVisible()
    await expect(canvasElement).not.toHaveTextContent(/Support (can|uses)/)
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
    await expect(
      canvas.getByText('A number for what you just did. Support uses it to find it. Safe to share.'),
    ).toBeVisible()
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

/** The same again cannot help, so something else is offered in its place. */
export const AnotherWay: Story = {
  args: {
    onRetry: undefined,
    primaryAction: <button type="button">Use another card</button>,
    title: 'Your payment was not taken.',
    children: 'The bank declined this card. Nothing was charged.',
  },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('button', { name: 'Use another card' })).toBeVisible()
    await expect(canvas.queryByText('Try again')).toBeNull()
  },
}

/** Nobody knows whether it was done: contacting support comes first. */
export const NothingToRetry: Story = {
  args: {
    onRetry: undefined,
    title: 'We do not know yet whether your refund was requested.',
    children: 'No answer came back from us. Contact support before you ask again.',
  },
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
