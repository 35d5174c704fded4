import { createAsyncStoragePersister } from '@tanstack/query-async-storage-persister'
import { QueryClient, useMutation, useQuery } from '@tanstack/react-query'
import { PersistQueryClientProvider } from '@tanstack/react-query-persist-client'
import { StrictMode, useEffect, useState } from 'react'
import type { JSX } from 'react'
import { createRoot } from 'react-dom/client'
import { createWaybill } from '@waybill/browser'
import { ErrorNotice, WaybillProvider } from '@waybill/react'
import { useMutationReference, useQueryReference, waybillMutations, waybillQueries } from '@waybill/react-query'

/** The page of `persistence.test.ts`: what it caches outlives it. */
const waybill = createWaybill({ service: 'shop-web' })
const queryClient = new QueryClient({
  mutationCache: waybillMutations(waybill),
  queryCache: waybillQueries(waybill),
  defaultOptions: { queries: { staleTime: Infinity, gcTime: Infinity }, mutations: { retry: 1, retryDelay: 60 } },
})
const persister = createAsyncStoragePersister({ storage: localStorage, throttleTime: 20 })
Object.assign(globalThis, { waybill })

async function send(path: string, method = 'POST'): Promise<string> {
  const response = await waybill.fetch(path, { method })
  if (!response.ok) throw new Error('Not done.')
  return response.text()
}

// A function cannot be stored, so React Query asks for defaults for what is to outlive the page.
for (const name of ['keep', 'queued']) {
  queryClient.setMutationDefaults([name], { mutationFn: (path: string) => send(path) })
}

function Keep(): JSX.Element {
  const keep = useMutation<string, Error, string>({ mutationKey: ['keep'], meta: { action: 'Keep' } })
  return (
    <section id="keep">
      <button onClick={() => keep.mutate('/api/keep/0')}>Keep</button>
      <output>{`${keep.status} ${keep.isPaused}`}</output>
      <code>{useMutationReference(keep)}</code>
    </section>
  )
}

/** Two that wait for one another, as edits of one document do. */
function Queued({ name, failures }: { readonly name: string; readonly failures: number }): JSX.Element {
  const edit = useMutation<string, Error, string>({ mutationKey: ['queued'], scope: { id: 'document' } })
  return (
    <section id={name}>
      <button onClick={() => edit.mutate(`/api/${name}/${failures}`)}>{name}</button>
      <output>{`${edit.status} ${edit.isPaused}`}</output>
      <code>{useMutationReference(edit)}</code>
      <ErrorNotice error={edit.error} title="Not kept." />
    </section>
  )
}

function Prices(): JSX.Element {
  const prices = { queryKey: ['prices'], queryFn: () => send('/api/prices/0', 'GET') }
  return (
    <section id="prices">
      <output>{useQuery(prices).data}</output>
      <code>{useQueryReference(prices)}</code>
    </section>
  )
}

/** Renders everything again and again, as real pages do while something is pending. */
function Page(): JSX.Element {
  const [tick, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTick((before) => before + 1), 20)
    return () => clearInterval(timer)
  }, [])
  return (
    <main data-tick={tick}>
      <Keep />
      <Queued name="first" failures={2} />
      <Queued name="second" failures={1} />
      <Prices />
    </main>
  )
}

createRoot(document.body.appendChild(document.createElement('div'))).render(
  <StrictMode>
    <WaybillProvider waybill={waybill}>
      <PersistQueryClientProvider
        client={queryClient}
        persistOptions={{ persister }}
        onSuccess={() => void queryClient.resumePausedMutations()}
      >
        <Page />
      </PersistQueryClientProvider>
    </WaybillProvider>
  </StrictMode>,
)
