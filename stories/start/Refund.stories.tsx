import type { JSX } from 'react'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { Confirmation, ErrorNotice, useAction } from '@waybill/react'
import { expect, userEvent } from 'storybook/test'
import { SHOP_MAIL } from '../stage/shopMail.tsx'

/** The whole story of one action: the same reference while it is pending, when it failed, and once it is done. */
export default { component: Refund, parameters: { contact: SHOP_MAIL } } satisfies Meta<typeof Refund>

type Story = StoryObj<typeof Refund>

export const Begin: Story = { args: { answers: ['none'] } }

export const Pending: Story = {
  args: { answers: ['none'] },
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Request refund' }))
    await expect(canvas.getByRole('heading', { name: 'Still working on it' })).toBeVisible()
    await expect(canvas.getByText('RF7-K29-QXR')).toBeVisible()
  },
}

export const Failed: Story = {
  args: { answers: ['failed'] },
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Request refund' }))
    await expect(await canvas.findByRole('alert')).toHaveTextContent('Your refund was not requested.')
    await expect(canvas.getByText('RF7-K29-QXR')).toBeVisible()
  },
}

/** "Try again" is the same action, so the customer keeps the code they may have written down already. */
export const DoneAtTheSecondAttempt: Story = {
  args: { answers: ['failed', 'done'] },
  play: async ({ canvas }) => {
    await userEvent.click(canvas.getByRole('button', { name: 'Request refund' }))
    await userEvent.click(await canvas.findByRole('button', { name: 'Try again' }))
    await expect(await canvas.findByRole('heading', { name: 'Refund requested' })).toBeVisible()
    await expect(canvas.getByText('RF7-K29-QXR')).toBeVisible()
  },
}

function Refund({ answers }: RefundProps): JSX.Element {
  const refund = useAction('Request refund', async (_action, attempt: { count: number }) => {
    const answer = answers[attempt.count++]
    if (answer === 'none') await new Promise(() => undefined)
    if (answer === 'failed') throw new Error('No refund')
  })
  switch (refund.status) {
    case 'idle':
      return (
        <button type="button" onClick={() => void refund.run({ count: 0 })}>
          Request refund
        </button>
      )
    case 'pending':
      return <Confirmation state="pending" reference={refund.reference} />
    case 'failed':
      return (
        <ErrorNotice error={refund.error} title="Your refund was not requested." onRetry={() => void refund.retry()} />
      )
    case 'succeeded':
      return (
        <Confirmation reference={refund.reference} title="Refund requested">
          We check the charge and e-mail you by Tuesday.
        </Confirmation>
      )
  }
  return refund satisfies never
}

interface RefundProps {
  /** What the server answers, attempt by attempt. */
  readonly answers: readonly ('none' | 'failed' | 'done')[]
}
