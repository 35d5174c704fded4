import type { Meta, StoryObj } from '@storybook/react-vite'
import { Confirmation } from '@waybill/react'
import { expect, userEvent } from 'storybook/test'
import { allowClipboard } from '../stage/allowClipboard.ts'
import { goOffline } from '../stage/goOffline.ts'
import { refuseClipboard } from '../stage/refuseClipboard.ts'
import { showAsPrinted } from '../stage/showAsPrinted.ts'
import { FIRST } from '../stage/stillReferences.ts'

export default {
  component: Confirmation,
  args: { reference: FIRST, title: 'Refund requested', children: 'We check the charge and e-mail you by Tuesday.' },
  argTypes: { state: { control: 'inline-radio', options: ['done', 'pending'] } },
} satisfies Meta<typeof Confirmation>

type Story = StoryObj<typeof Confirmation>

export const Done: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('heading', { name: 'Refund requested' })).toBeVisible()
    await expect(canvas.getByText('Keep this reference:')).toBeVisible()
  },
}

/** The reference is there at once, not after the wait. */
export const Pending: Story = {
  args: { state: 'pending', title: undefined, children: 'This can take a minute. You can leave this page.' },
  play: async ({ canvas }) => {
    await expect(canvas.getByRole('heading', { name: 'Still working on it' })).toBeVisible()
    await expect(canvas.getByText('RF7-K29-QXR')).toBeVisible()
  },
}

export const SavedOffline: Story = { beforeEach: goOffline, globals: { delivery: 'saved' } }

export const InMemoryOnly: Story = { globals: { delivery: 'memory' } }

export const NotStoredYet: Story = { globals: { delivery: 'pending' } }

export const Copied: Story = {
  beforeEach: allowClipboard,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button'))
    await expect(await canvas.findByText('Copied')).toBeVisible()
  },
}

export const CopyFailed: Story = {
  beforeEach: refuseClipboard,
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button'))
    await expect(await canvas.findByText('Selected: copy it now')).toBeVisible()
  },
}

export const WithoutReference: Story = {
  args: { reference: undefined },
  play: ({ canvas }) => expect(canvas.queryByText('Keep this reference:')).toBeNull(),
}

export const LongPrefix: Story = { globals: { prefix: 'ORDER' } }

export const RightToLeft: Story = {
  globals: { language: 'ar' },
  args: { title: 'تم طلب استرداد المبلغ', children: 'نراجع عملية الخصم ونراسلك بالبريد الإلكتروني قبل يوم الثلاثاء.' },
}

export const Dark: Story = { globals: { theme: 'dark' } }

export const Printed: Story = { beforeEach: showAsPrinted }
