import type { CSSProperties } from 'react'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { ErrorNotice } from '@waybill/react'
import { expect } from 'storybook/test'
import { FIRST } from '../stage/stillReferences.ts'

export default {
  component: ErrorNotice,
  args: { reference: FIRST, title: 'Your refund was not requested.', onRetry: () => undefined },
} satisfies Meta<typeof ErrorNotice>

type Story = StoryObj<typeof ErrorNotice>

/** Custom properties of any element around it reach a component. */
export const OwnColours: Story = {
  globals: { theme: 'light' },
  render: (args) => (
    <div style={{ '--waybill-accent': '#0f766e', '--waybill-radius': '2px' } as CSSProperties}>
      <ErrorNotice {...args} />
    </div>
  ),
  play: async ({ canvas }) => {
    const { backgroundColor, borderRadius } = getComputedStyle(canvas.getByRole('button', { name: 'Try again' }))
    await expect([backgroundColor, borderRadius]).toEqual(['rgb(15, 118, 110)', '2px'])
  },
}

/** The nearest theme decides. */
export const LightInDark: Story = {
  globals: { theme: 'dark' },
  render: (args) => (
    <div style={{ display: 'grid', gap: 16 }}>
      <ErrorNotice {...args} />
      <div data-theme="light">
        <ErrorNotice {...args} title="Your address was not saved." />
      </div>
    </div>
  ),
  play: async ({ canvas }) => {
    const buttons = canvas.getAllByRole('button', { name: 'Try again' })
    const colours = buttons.map((button) => getComputedStyle(button).backgroundColor)
    await expect(colours).toEqual(['rgb(157, 188, 255)', 'rgb(29, 78, 216)'])
  },
}
