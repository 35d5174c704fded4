import {
  focusManager,
  queryOptions,
  QueryClient,
  QueryClientProvider,
  QueryErrorResetBoundary,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useSuspenseQuery,
} from '@tanstack/react-query'
import type { QueryKey, UseQueryOptions } from '@tanstack/react-query'
import ky from 'ky'
import { StrictMode, Suspense, useState } from 'react'
import type { JSX, ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { createWaybill } from '@waybill/browser'
import { ErrorNotice, WaybillBoundary, WaybillProvider } from '@waybill/react'
import { useMutationReference, useQueryReference, waybillMutations, waybillQueries } from '@waybill/react-query'

/** The page of `waybillQueries.test.ts`; its address says which of the scenarios below it shows. */
const waybill = createWaybill({ service: 'shop-web' })
const api = ky.create({ fetch: waybill.fetch, retry: 0 })
const queryClient = new QueryClient({
  mutationCache: waybillMutations(waybill),
  queryCache: waybillQueries(waybill),
  defaultOptions: { mutations: { retry: false }, queries: { retry: false, retryDelay: 60, staleTime: Infinity } },
})
Object.assign(globalThis, { waybill, queryClient, focusManager })

/** As most applications do: an error that says nothing of the call it is about. Past the cache, where equal calls wait for one another. */
async function get(path: string, signal?: AbortSignal): Promise<string> {
  const response = await waybill.fetch(path, { signal: signal ?? null, cache: 'no-store' })
  const text = await response.text()
  if (!response.ok || text === 'errors') throw new Error('Not there.')
  return `${text} ${Math.random()}`
}

/** A query over `/api/NAME/FAILURES`. */
const query = (name: string, { failures = 0, ...options }: QueryOptions = {}) =>
  queryOptions({ queryKey: [name], queryFn: () => get(`/api/${name}/${failures}`), ...options })

type QueryOptions = Partial<UseQueryOptions<string>> & { readonly failures?: number }

function Code({ of: queryKey }: { readonly of: QueryKey }): JSX.Element {
  return <code data-key={queryKey[0]}>{useQueryReference({ queryKey })}</code>
}

function Asked({
  name,
  children,
  ...options
}: QueryOptions & { readonly name: string; readonly children?: ReactNode }) {
  const result = useQuery(query(name, options))
  return (
    <section id={name}>
      <output>{`${result.status} ${result.fetchStatus}`}</output>
      <Code of={[name]} />
      <ErrorNotice error={result.error} title="Not shown." onRetry={() => void result.refetch()} />
      <button onClick={() => void result.refetch()}>Refresh {name}</button>
      {children}
    </section>
  )
}

/** Shows what is in it from a click on. */
function Opened({ label, children }: { readonly label: string; readonly children: ReactNode }): JSX.Element {
  const [isOpen, setOpen] = useState(false)
  return (
    <div>
      <button onClick={() => setOpen(!isOpen)}>{label}</button>
      {isOpen && children}
    </div>
  )
}

function Suspended({ name, failures }: { readonly name: string; readonly failures: number }): JSX.Element {
  useSuspenseQuery({ queryKey: [name], queryFn: () => get(`/api/${name}/${failures}`) })
  return <output id={name}>shown</output>
}

function Suspending(): JSX.Element {
  return (
    <Opened label="Open">
      <QueryErrorResetBoundary>
        {({ reset }) => (
          <WaybillBoundary title="Not shown." onReset={reset}>
            <Suspense fallback="Wait">
              <Suspended name="suspended" failures={2} />
            </Suspense>
          </WaybillBoundary>
        )}
      </QueryErrorResetBoundary>
    </Opened>
  )
}

function Pages(): JSX.Element {
  const { data, fetchNextPage } = useInfiniteQuery({
    queryKey: ['pages'],
    queryFn: ({ pageParam, signal }) => get(`/api/${pageParam}`, signal),
    initialPageParam: 'pages/0',
    getNextPageParam: () => 'more/1',
    retry: 1,
  })
  return (
    <>
      <output>{data?.pages.length}</output>
      <Code of={['pages']} />
      <button onClick={() => void fetchNextPage()}>More</button>
    </>
  )
}

function Liked(): JSX.Element {
  const like = useMutation({
    mutationFn: () => api.post('/api/like/1').text(),
    meta: { action: 'Like' },
    onMutate: async () => {
      await queryClient.cancelQueries({ queryKey: ['likes'] })
      const before = queryClient.getQueryData(['likes'])
      queryClient.setQueryData(['likes'], 'one more')
      return before
    },
    onError: (_error, _variables, before) => queryClient.setQueryData(['likes'], before),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['likes'] }),
  })
  const likes = useQuery(query('likes'))
  return (
    <Asked name="likes">
      <b>{likes.data}</b>
      <button onClick={() => like.mutate()}>Like</button>
      <i>{useMutationReference(like)}</i>
      <ErrorNotice error={like.error} title="Not liked." />
    </Asked>
  )
}

const signalled = (name: string): Partial<UseQueryOptions<string>> => ({
  queryFn: ({ signal }) => get(`/api/${name}/0`, signal),
})

let reads = 0

const SCENARIOS: Readonly<Record<string, () => JSX.Element>> = {
  retried: () => (
    <Opened label="Open">
      <Asked name="retried" failures={3} retry={3} />
    </Opened>
  ),
  background: () => (
    <Asked name="polled" failures={2} retry={2} refetchOnWindowFocus="always" refetchOnReconnect="always" />
  ),
  failing: () => (
    <>
      <Asked name="loaded" failures={2} />
      <Opened label="Open">
        <Asked name="asked" failures={2} />
        <Asked name="besides" failures={2} />
      </Opened>
    </>
  ),
  thrown: () => (
    <WaybillBoundary title="Not shown.">
      <Opened label="Open">
        <Asked name="thrown" failures={9} throwOnError />
      </Opened>
    </WaybillBoundary>
  ),
  polling: () => <Asked name="polling" refetchInterval={60} />,
  shared: () => (
    <>
      <Opened label="One">
        <Asked name="shared" />
      </Opened>
      <Opened label="Two">
        <Asked name="shared" />
      </Opened>
    </>
  ),
  cancelled: () => (
    <>
      <Opened label="Signal">
        <Asked name="signalled" {...signalled('signalled')} />
      </Opened>
      <Opened label="No signal">
        <Asked name="plain" />
      </Opened>
    </>
  ),
  prefetched: () => (
    <button
      onMouseEnter={() => void queryClient.prefetchQuery(query('hovered'))}
      onClick={() => void queryClient.prefetchQuery(query('pressed', { failures: 1, retry: 1 }))}
    >
      Prefetch
    </button>
  ),
  dependent: () => <Dependent />,
  suspended: Suspending,
  pages: Pages,
  liked: Liked,
  untraced: () => <Asked name="untraced" queryFn={() => (reads++ ? Promise.resolve('own') : get('/api/untraced/0'))} />,
}

function Dependent(): JSX.Element {
  const [order, setOrder] = useState('')
  const details = useQuery({ ...query('details'), enabled: order !== '' })
  useQuery({ ...query('after'), enabled: details.isSuccess })
  return (
    <>
      <button onClick={() => setOrder('A-1001')}>Choose</button>
      <Code of={['details']} />
      <Code of={['after']} />
    </>
  )
}

const Scenario = SCENARIOS[location.search.slice(1)] ?? Pages

createRoot(document.body.appendChild(document.createElement('main'))).render(
  <StrictMode>
    <WaybillProvider waybill={waybill}>
      <QueryClientProvider client={queryClient}>
        <Scenario />
      </QueryClientProvider>
    </WaybillProvider>
  </StrictMode>,
)
