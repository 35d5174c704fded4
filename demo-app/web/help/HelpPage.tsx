import { SupportPanel } from '@waybill/react'
import { Page } from '../layout/Page.tsx'

/** Where a customer who needs a person picks what it is about, and writes to support with its reference in the mail. */
export function HelpPage() {
  return (
    <Page title="Help" lead="Write to help@deckle.example. With the reference we see at once what happened.">
      <SupportPanel
        title="What is it about?"
        factsOf={({ facts: { order } }): Readonly<Record<string, string>> => (order ? { Order: order } : {})}
      />
    </Page>
  )
}
