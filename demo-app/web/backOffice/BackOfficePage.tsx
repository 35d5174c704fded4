import { useSession } from '../api/useSession.ts'
import { Page } from '../layout/Page.tsx'
import { CarrierWebhook } from './CarrierWebhook.tsx'
import { NightlySync } from './NightlySync.tsx'

/** Buttons for what nobody presses in a real shop: the clock's and the carrier's. */
export function BackOfficePage() {
  const deskUrl = useSession().data?.deskUrl
  return (
    <Page title="Back office" lead="Stand-ins for the clock and the carrier, which act on their own in a real shop.">
      <div className="tasks">
        <NightlySync />
        <CarrierWebhook deskUrl={deskUrl} />
        <section>
          <h2>Support desk</h2>
          <p>Paste a reference there and read what happened under it.</p>
          {deskUrl && (
            <a href={deskUrl} className="button">
              Open the desk
            </a>
          )}
        </section>
      </div>
    </Page>
  )
}
