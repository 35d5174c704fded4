import type { Meta, StoryObj } from '@storybook/react-vite'
import { SupportPanel } from '@waybill/react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { allowClipboard } from '../stage/allowClipboard.ts'
import { goOffline } from '../stage/goOffline.ts'
import { ownFrame } from '../stage/ownFrame.ts'
import { refuseClipboard } from '../stage/refuseClipboard.ts'
import { SHOP_MAIL } from '../stage/shopMail.tsx'
import { showAsPrinted } from '../stage/showAsPrinted.ts'
import { BUSY_VISIT } from '../stage/busyVisit.ts'

export default {
  component: SupportPanel,
  argTypes: { contact: { control: false }, nameOf: { control: false } },
  parameters: { contact: SHOP_MAIL, actions: BUSY_VISIT },
} satisfies Meta<typeof SupportPanel>

type Story = StoryObj<typeof SupportPanel>

/** The newest failure is chosen: most likely it is what the customer came for. */
export const Visit: Story = {
  play: async ({ canvas }) => {
    await expect(canvas.getAllByRole('radio')).toHaveLength(5)
    await waitFor(() =>
      expect(canvas.getByRole('radio', { name: /^Request refund order A-1001 Failed/ })).toBeChecked(),
    )
    await expect(canvas.queryByText('Refresh prices')).toBeNull()
  },
}

export const AnotherChosen: Story = {
  play: async ({ canvas, canvasElement }) => {
    await userEvent.click(canvas.getByText('Place order'))
    await expect(canvasElement.querySelector('[data-waybill-reference]')).toHaveTextContent('KN8-566-6Y8')
  },
}

export const Empty: Story = {
  parameters: { actions: [] },
  play: ({ canvas }) => expect(canvas.getByText(/^Nothing to show yet\./)).toBeVisible(),
}

export const Offline: Story = {
  parameters: ownFrame(820),
  beforeEach: goOffline,
  globals: { delivery: 'saved' },
  play: ({ canvas }) => expect(canvas.getByText(/^You are offline\./)).toBeVisible(),
}

export const InMemoryOnly: Story = { globals: { delivery: 'memory' } }

export const NotStoredYet: Story = { globals: { delivery: 'pending' } }

export const Copied: Story = {
  beforeEach: allowClipboard,
  play: async ({ canvas }) => {
    await userEvent.click(await canvas.findByRole('button'))
    await expect(await canvas.findByText('Copied')).toBeVisible()
  },
}

export const CopyFailed: Story = {
  beforeEach: refuseClipboard,
  play: async ({ canvas }) => {
    await userEvent.click(await canvas.findByRole('button'))
    await expect(await canvas.findByText('Selected: copy it now')).toBeVisible()
  },
}

export const OwnWords: Story = {
  args: { title: 'What did you do?', children: 'Choose it, and we see what happened.', limit: 3 },
}

export const WithoutContact: Story = { args: { contact: null } }

export const LongPrefix: Story = { globals: { prefix: 'ORDER' } }

export const RightToLeft: Story = {
  globals: { language: 'ar' },
  args: {
    nameOf: ({ name }) => ARABIC_NAMES[name],
    factsOf: ({ facts }) => (facts['order'] ? { الطلب: facts['order'] } : {}),
  },
}

export const Dark: Story = { globals: { theme: 'dark' } }

export const Printed: Story = { beforeEach: showAsPrinted }

const ARABIC_NAMES: Readonly<Record<string, string>> = {
  'Request refund': 'طلب استرداد المبلغ',
  'Place order': 'إرسال الطلب',
  'Change the delivery address of an order that is already on its way': 'تغيير عنوان توصيل طلب في الطريق',
}
