// One action by each client that the packages know, for a fresh app with any version of them that is supported.
import { QueryClient, QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query'
import { createWaybill } from '@waybill/browser'
import { kyHooks } from '@waybill/browser/ky'
import { ErrorNotice, WaybillProvider } from '@waybill/react'
import { useMutationReference, useQueryReference, waybillMutations, waybillQueries } from '@waybill/react-query'
import axios from 'axios'
import ky from 'ky'
import type { JSX } from 'react'
import { useState } from 'react'
import { createRoot } from 'react-dom/client'

const waybill = createWaybill({ service: 'clients' })
const retry = { limit: 2, delay: () => 5 }
const api = ky.create({ fetch: waybill.fetch, hooks: kyHooks(waybill), retry, timeout: false })
/** Has the application's own code ask for a retry, also of a POST. */
const asking = api.extend({
  hooks: {
    afterResponse: [
      async (...all: readonly unknown[]) => {
        const given = all.flatMap((each) => (each instanceof Response ? [each] : Object.values(Object(each))))
        const response = given.find((each) => each instanceof Response)
        return response instanceof Response && (await response.clone().text()) === 'again'
          ? ky.retry({ delay: 5 })
          : undefined
      },
    ],
  },
})
/** Its retries wait for timers, which only the plugin carries across. */
const bare = ky.create({ fetch: waybill.fetch, retry, timeout: false })
const shop = axios.create({ adapter: 'fetch', env: { fetch: waybill.fetch } })
const client = new QueryClient({ mutationCache: waybillMutations(waybill), queryCache: waybillQueries(waybill) })

/** What went wrong, and under which reference that says it was. */
function useFailure(): [string, (doing: Promise<unknown>) => void] {
  const [text, setText] = useState('')
  return [
    text,
    (doing) =>
      void doing
        .then(
          () => 'done',
          (error: unknown) => waybill.referenceOf(error),
        )
        .then((it) => setText(it ?? 'none')),
  ]
}

function Clients(): JSX.Element {
  const [kyText, byKy] = useFailure()
  const [askText, byAsking] = useFailure()
  const [bareText, byBare] = useFailure()
  const [axiosText, byAxios] = useFailure()
  const mutation = useMutation({
    mutationFn: () =>
      waybill.fetch('/api/mutation').then((response) => Promise.reject(new Error('no', { cause: response }))),
    retry: 1,
    retryDelay: 5,
    meta: { action: 'Mutate' },
  })
  const options = {
    queryKey: ['query'],
    queryFn: async () => {
      const response = await waybill.fetch('/api/query')
      if (!response.ok) throw new Error('no', { cause: response })
      return response.text()
    },
    retry: 1,
    retryDelay: 5,
    enabled: false,
  }
  const query = useQuery(options)
  const [ofMutation, ofQuery] = [useMutationReference(mutation), useQueryReference(options)]
  return (
    <>
      <button onClick={() => byKy(api.get('/api/ky').text())}>ky</button>
      <output id="ky">{kyText}</output>
      <button onClick={() => byAsking(asking.post('/api/asking').text())}>asking</button>
      <output id="asking">{askText}</output>
      <button onClick={() => byBare(bare.get('/api/bare').text())}>bare</button>
      <output id="bare">{bareText}</output>
      <button onClick={() => byAxios(shop.post('/api/axios', { a: 1 }))}>axios</button>
      <output id="axios">{axiosText}</output>
      <button onClick={() => mutation.mutate()}>mutation</button>
      <output id="mutation">{mutation.isError && ofMutation}</output>
      <ErrorNotice error={mutation.error} title="Not changed." />
      <button onClick={() => void query.refetch()}>query</button>
      <output id="query">{query.isError && !query.isFetching && ofQuery}</output>
    </>
  )
}

createRoot(document.getElementById('root')!).render(
  <WaybillProvider waybill={waybill}>
    <QueryClientProvider client={client}>
      <Clients />
    </QueryClientProvider>
  </WaybillProvider>,
)
