import type { JSX } from 'react'
import type { Meta, StoryObj } from '@storybook/react-vite'
import { Confirmation, ErrorNotice, Receipt, SupportPanel } from '@waybill/react'
import { expect, userEvent, waitFor } from 'storybook/test'
import { BUSY_VISIT } from '../stage/busyVisit.ts'
import { goOffline } from '../stage/goOffline.ts'
import { refuseClipboard } from '../stage/refuseClipboard.ts'
import { SHOP_MAIL } from '../stage/shopMail.tsx'
import { FIRST } from '../stage/stillReferences.ts'

/** The texts of each language at their longest: offline, saved on the device, and copied by hand. */
export default {
  component: Texts,
  beforeEach: () => {
    const undo = [goOffline(), refuseClipboard()]
    return () => undo.forEach((each) => each())
  },
  parameters: { contact: SHOP_MAIL, actions: BUSY_VISIT },
  play: async ({ canvas, canvasElement }) => {
    await userEvent.click(canvas.getAllByRole('button')[0]!)
    await waitFor(() => expect(canvasElement.querySelector('[data-copy-state="selected"]')).not.toBeNull())
  },
} satisfies Meta<typeof Texts>

type Story = StoryObj<typeof Texts>

export const English: Story = {
  globals: { delivery: 'saved' },
  args: { notDone: 'Your refund was not requested.', done: 'Refund requested', receipt: 'Receipt' },
}

export const German: Story = {
  globals: { language: 'de', delivery: 'saved' },
  args: { notDone: 'Ihre Erstattung wurde nicht beantragt.', done: 'Erstattung beantragt', receipt: 'Beleg' },
}

export const Spanish: Story = {
  globals: { language: 'es', delivery: 'saved' },
  args: { notDone: 'No se ha solicitado su reembolso.', done: 'Reembolso solicitado', receipt: 'Recibo' },
}

export const French: Story = {
  globals: { language: 'fr', delivery: 'saved' },
  args: { notDone: 'Votre remboursement n’a pas été demandé.', done: 'Remboursement demandé', receipt: 'Reçu' },
}

export const Japanese: Story = {
  globals: { language: 'ja', delivery: 'saved' },
  args: { notDone: '返金を申請できませんでした。', done: '返金を申請しました', receipt: '領収書' },
}

export const Arabic: Story = {
  globals: { language: 'ar', delivery: 'saved' },
  args: { notDone: 'لم يتم طلب استرداد المبلغ.', done: 'تم طلب استرداد المبلغ', receipt: 'إيصال' },
}

function Texts({ notDone, done, receipt }: TextsProps): JSX.Element {
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <ErrorNotice reference={FIRST} title={notDone} onRetry={() => undefined} onDismiss={() => undefined} />
      <Confirmation reference={FIRST} title={done} />
      <Receipt reference={FIRST} title={receipt} at={new Date('2026-11-22T10:14:03.000Z')} />
      <SupportPanel nameOf={() => done} />
    </div>
  )
}

interface TextsProps {
  /** What the app says, in the language of the story. */
  readonly notDone: string
  readonly done: string
  readonly receipt: string
}
