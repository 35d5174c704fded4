import { useMutation } from '@tanstack/react-query'
import { Confirmation, ErrorNotice } from '@waybill/react'
import { useMutationReference } from '@waybill/react-query'
import { changedNothing } from '../api/changedNothing.ts'
import { mayTryAgain } from '../api/mayTryAgain.ts'
import { useShopApi } from '../api/ShopApiContext.ts'

/** Starts the nightly sync now. Its run has a reference of its own. */
export function NightlySync() {
  const api = useShopApi()
  const sync = useMutation({
    meta: { repeatable: true, action: 'Start nightly sync' },
    mutationFn: () => api.startNightlySync(),
  })
  const reference = useMutationReference(sync)
  return (
    <section data-waybill-action="Start nightly sync">
      <h2>Nightly sync</h2>
      <p>Sends every order that is not yet in the books to the ledger.</p>
      <button
        type="button"
        className="button"
        aria-disabled={sync.isPending}
        onClick={() => sync.isPending || sync.mutate()}
      >
        Sync now
      </button>
      {sync.isSuccess && (
        <Confirmation title="Nightly sync started" reference={sync.data.reference}>
          <p>The desk shows the run and its orders under this reference.</p>
        </Confirmation>
      )}
      <ErrorNotice
        title={
          changedNothing(sync.error)
            ? 'The nightly sync was not started.'
            : 'We do not know yet whether the nightly sync was started.'
        }
        error={sync.error}
        reference={sync.isError ? reference : undefined}
        onRetry={mayTryAgain(sync.error, { repeatable: true }) ? () => sync.mutate() : undefined}
      />
    </section>
  )
}
