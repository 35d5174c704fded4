import type { Meta, StoryObj } from '@storybook/react-vite'
import { customChannel, mailto } from '@waybill/browser/support'
import type { ChannelAnswer, SupportChannel } from '@waybill/browser/support'
import { ContactSupport, ErrorNotice } from '@waybill/react'
import { expect, userEvent } from 'storybook/test'
import { ownFrame } from '../stage/ownFrame.ts'
import { FIRST } from '../stage/stillReferences.ts'

export default {
  component: ContactSupport,
  args: { reference: FIRST, channel: chat('field') },
  argTypes: { channel: { control: false } },
} satisfies Meta<typeof ContactSupport>

type Story = StoryObj<typeof ContactSupport>

export const Ready: Story = {}

/** Where support is reached by an address, it is a link, which also works without our script. */
export const Mail: Story = {
  args: { channel: mailto({ to: 'help@shop.example' }) },
  play: ({ canvas }) => {
    const link = canvas.getByRole('link', { name: 'Contact support' })
    return expect(link.getAttribute('href')).toContain('RF7-K29-QXR')
  },
}

/** The chat is open and has the reference in a field of its own. */
export const Attached: Story = { parameters: ownFrame(120), play: opened('The reference is attached.') }

/** The chat takes no fields: the customer has to paste. */
export const Copied: Story = {
  parameters: ownFrame(120),
  args: { channel: chat('copied') },
  play: opened('Reference copied. Paste it into your message.'),
}

export const Shared: Story = { args: { channel: chat('shared') }, play: opened('Reference shared.') }

/** The chat's script was blocked, or it has no place for a reference. Then the code is shown to copy. */
export const NotHandedOver: Story = {
  parameters: ownFrame(180),
  args: { channel: chat('missing') },
  play: async (context) => {
    await opened('The reference was not sent. Copy it and send it to us.')(context)
    await expect(context.canvas.getByText('RF7-K29-QXR')).toBeVisible()
  },
}

export const NotOpened: Story = {
  parameters: ownFrame(120),
  args: { reference: undefined, channel: chat('missing') },
  play: opened('Support did not open. Please reach us another way.'),
}

export const WithoutReference: Story = { args: { reference: undefined } }

/** In a notice it takes the notice's reference, and the notice says that it is attached. */
export const InANotice: Story = {
  render: ({ channel }) => (
    <ErrorNotice
      reference={FIRST}
      title="Your refund was not requested."
      contact={<ContactSupport channel={channel} />}
      onRetry={() => undefined}
    />
  ),
  play: async (context) => {
    await context.canvas.findByText(/It is attached when you contact us from here\.$/)
    await opened('The reference is attached.')(context)
  },
}

export const OwnWords: Story = { args: { children: 'Chat with us' } }

export const RightToLeft: Story = {
  globals: { language: 'ar' },
  play: ({ canvas }) => userEvent.click(canvas.getByRole('button')),
}

export const Dark: Story = { globals: { theme: 'dark' }, play: opened('The reference is attached.') }

/** A chat of the shop's own that answers so to everything. */
function chat(answer: ChannelAnswer): SupportChannel {
  return customChannel({ attach: () => answer, open: () => answer, clear: () => undefined })
}

/** Opens support and waits for the sentence that says what came of it. */
function opened(sentence: string): NonNullable<Story['play']> {
  return async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Contact support' }))
    await expect(await canvas.findByText(sentence)).toBeVisible()
  }
}
