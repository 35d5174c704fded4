import type { Meta, StoryObj } from '@storybook/react-vite'
import { ReferenceCode } from '@waybill/react'
import { expect, userEvent, waitFor, within } from 'storybook/test'
import { allowClipboard } from '../stage/allowClipboard.ts'
import { ownFrame } from '../stage/ownFrame.ts'
import { refuseClipboard } from '../stage/refuseClipboard.ts'
import { showAsPrinted } from '../stage/showAsPrinted.ts'
import { FIRST } from '../stage/stillReferences.ts'

export default {
  component: ReferenceCode,
  args: { reference: FIRST },
} satisfies Meta<typeof ReferenceCode>

type Story = StoryObj<typeof ReferenceCode>

export const Ready: Story = {
  play: async ({ canvas }) => {
    const button = canvas.getByRole('button', { name: 'Copy reference R F 7, K 2 9, Q X R' })
    const { width, height } = button.getBoundingClientRect()
    await expect(Math.min(width, height)).toBeGreaterThanOrEqual(44)
  },
}

/** For four seconds; then the button offers itself again. */
export const Copied: Story = {
  parameters: ownFrame(100),
  beforeEach: allowClipboard,
  play: async ({ canvas }) => {
    const button = canvas.getByRole('button')
    await userEvent.click(button)
    await waitFor(() => expect(button).toHaveAttribute('data-copy-state', 'copied'))
    await expect(button).toHaveTextContent('Copied')
    await expect(canvas.getByRole('status')).toHaveTextContent('Reference copied.')
    await expect(await navigator.clipboard.readText()).toBe('RF7-K29-QXR')
  },
}

/** The browser refused, so the code is selected, and nothing claims that it was copied. */
export const CopyFailed: Story = {
  parameters: ownFrame(100),
  beforeEach: refuseClipboard,
  play: async ({ canvas }) => {
    const button = canvas.getByRole('button')
    await userEvent.click(button)
    await waitFor(() => expect(button).toHaveAttribute('data-copy-state', 'selected'))
    await expect(button).toHaveTextContent('Selected: copy it now')
    await expect(String(getSelection())).toBe('RF7-K29-QXR')
    await expect(canvas.getByRole('status')).toHaveTextContent('This browser did not copy the reference.')
  },
}

export const Focused: Story = {
  play: async ({ canvas }) => {
    await userEvent.tab()
    await expect(canvas.getByRole('button')).toHaveFocus()
  },
}

export const LongPrefix: Story = {
  globals: { prefix: 'ORDER' },
  play: ({ canvas }) => expect(canvas.getByRole('button')).toHaveTextContent('ORDER-RF7-K29-QXR'),
}

/** A line of text makes room for the whole chip: the code never breaks. */
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

/** The code itself stays left to right. */
export const RightToLeft: Story = { globals: { language: 'ar', prefix: 'ORD' } }

export const Dark: Story = { globals: { theme: 'dark' } }

export const Printed: Story = {
  beforeEach: showAsPrinted,
  play: ({ canvas }) => expect(canvas.getByText('Copy')).not.toBeVisible(),
}
