import type { Meta, StoryObj } from '@storybook/react-vite'
import { ReferenceCode } from '@waybill/react'
import { expect, userEvent, within } from 'storybook/test'
import { refuseClipboard } from './refuseClipboard.ts'
import { FIRST } from './stillWaybill.ts'

/** The code as one copy button. It is never grey, never shortened, and never says "Copied" when nothing was. */
export default {
  component: ReferenceCode,
  args: { reference: FIRST },
} satisfies Meta<typeof ReferenceCode>

type Story = StoryObj<typeof ReferenceCode>

export const Ready: Story = {}

export const CopyRefused: Story = {
  beforeEach: refuseClipboard,
  play: async ({ canvasElement }) => {
    const button = within(canvasElement).getByRole('button')
    await userEvent.click(button)
    await expect(button).toHaveTextContent('Select and copy')
    await expect(String(getSelection())).toBe('RF7-K29-QXR')
  },
}

export const LongPrefix: Story = { parameters: { prefix: 'ORDER' } }

export const InAParagraph: Story = {
  render: (args) => (
    <p>
      Your refund was requested with the reference <ReferenceCode {...args} /> on Sunday.
    </p>
  ),
}

export const Larger: Story = { args: { style: { fontSize: '1.5rem' } } }

export const WithoutReference: Story = {
  args: { reference: undefined },
  play: ({ canvasElement }) => expect(within(canvasElement).queryByRole('button')).toBeNull(),
}

export const RightToLeft: Story = { globals: { direction: 'rtl' }, parameters: { prefix: 'ORD' } }

export const Dark: Story = { globals: { theme: 'dark' } }
