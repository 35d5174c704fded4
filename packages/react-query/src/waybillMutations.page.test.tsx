import { QueryClient, QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query'
import type { UseMutationOptions } from '@tanstack/react-query'
import ky from 'ky'
import { StrictMode, useEffect, useState } from 'react'
import type { JSX } from 'react'
import { createRoot } from 'react-dom/client'
import { createWaybill } from '@waybill/browser'
import { ErrorNotice, ReferenceCode, WaybillBoundary, WaybillProvider } from '@waybill/react'
import { useMutationReference, waybillMutations } from '@waybill/react-query'

/** The page that `waybillMutations.test.ts` presses the buttons of. */
const waybill = createWaybill({ service: 'shop-web' })
const api = ky.create({ fetch: waybill.fetch, retry: 0 })
const queryClient = new QueryClient({
  mutationCache: waybillMutations(waybill),
  defaultOptions: { mutations: { retryDelay: 60 }, queries: { retry: false } },
})
Object.assign(globalThis, { waybill })

async function send(path: string): Promise<string> {
  const response = await waybill.fetch(path, { method: 'POST' })
  const text = await response.text()
  // As most applications do: an error that says nothing of the call it is about.
  if (!response.ok || text === 'errors') throw new Error('Not done.')
  return text
}

const aWhile = () => new Promise<void>((resolve) => setTimeout(resolve, 50))

const refetch = () => queryClient.invalidateQueries({ queryKey: ['orders'] })

const sendOne = () => send('/api/stable/2')

interface MutatorProps extends Pick<
  UseMutationOptions<string>,
  'mutationFn' | 'mutationKey' | 'meta' | 'retry' | 'onSuccess' | 'onError' | 'onSettled' | 'throwOnError'
> {
  readonly label: string
}

function Mutator({ label, ...options }: MutatorProps): JSX.Element {
  const mutation = useMutation({ throwOnError: false, ...options })
  const reference = useMutationReference(mutation)
  return (
    <section id={label}>
      <button onClick={() => mutation.mutate()}>{label}</button>
      <button onClick={() => mutation.reset()}>Reset</button>
      <output>{mutation.status}</output>
      <ReferenceCode reference={reference} />
      <ErrorNotice error={mutation.error} title={`${label} failed.`} onRetry={() => mutation.mutate()} />
    </section>
  )
}

function Orders(): JSX.Element {
  const [isShown, setShown] = useState(false)
  const orders = useQuery({ queryKey: ['orders'], queryFn: () => api.get('/api/orders/0').text(), enabled: isShown })
  useQuery({
    queryKey: ['ticker'],
    queryFn: () => waybill.fetch('/api/ticker/0').then((response) => response.text()),
    refetchInterval: 40,
  })
  return (
    <button id="orders" onClick={() => setShown(true)}>
      Orders {orders.data}
    </button>
  )
}

/** Renders everything again and again, as real pages do while something is pending. */
function Ticking(): JSX.Element {
  const [tick, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setTick((before) => before + 1), 10)
    return () => clearInterval(timer)
  }, [])
  return (
    <div data-tick={tick}>
      <Mutator label="stable" mutationFn={sendOne} meta={{ action: 'Keep sending' }} retry={2} />
      <Mutator label="inline" mutationFn={() => send('/api/inline/2')} mutationKey={['Send inline', 7]} retry={2} />
    </div>
  )
}

function Others(): JSX.Element {
  const mutation = useMutation({ mutationFn: () => send('/api/inside/0'), mutationKey: ['inside'] })
  const first = useMutation({ mutationFn: () => send('/api/first/9'), mutationKey: ['Save all'], retry: 1 })
  const second = useMutation({ mutationFn: () => send('/api/slow/1'), mutationKey: ['second'], retry: 1 })
  const last = useMutation({ mutationFn: () => send('/api/last/1'), mutationKey: ['last'] })
  return (
    <>
      <button
        onClick={() => {
          void waybill.run('Check out', async (action) => {
            await mutation.mutateAsync()
            await new Promise((resolve) => setTimeout(resolve, 50))
            await action.fetch('/api/after/0')
          })
        }}
      >
        inside
      </button>
      <button
        onClick={() => {
          first.mutate()
          second.mutate()
        }}
      >
        both
      </button>
      <output>{second.status}</output>
      <button
        onClick={async () => {
          await mutation.mutateAsync()
          await api.get('/api/between/0').text()
          last.mutate()
        }}
      >
        chain
      </button>
      <ErrorNotice id="last" error={last.error} title="Last failed." />
      <button onClick={() => setTimeout(() => mutation.mutate(), 20)}>later</button>
    </>
  )
}

createRoot(document.body.appendChild(document.createElement('main'))).render(
  <StrictMode>
    <WaybillProvider waybill={waybill}>
      <QueryClientProvider client={queryClient}>
        <Mutator
          label="retried"
          mutationFn={() => send('/api/retried/2')}
          meta={{ action: 'Request refund' }}
          retry={2}
        />
        <Mutator label="ky" mutationFn={() => api.post('/api/ky/2').text()} meta={{ action: 'By ky' }} retry={2} />
        <Mutator label="unnamed" mutationFn={() => send('/api/unnamed/0')} />
        <Mutator label="again" mutationFn={() => send('/api/again/2')} mutationKey={['again']} />
        <Mutator
          label="graphql"
          mutationFn={() => send('/api/graphql/2')}
          retry={2}
          meta={{ action: 'Ask', repeatable: true }}
        />
        <WaybillBoundary title="Thrown.">
          <Mutator label="thrown" mutationFn={() => send('/api/thrown/1')} throwOnError mutationKey={['thrown']} />
        </WaybillBoundary>
        <Mutator label="slow" mutationFn={() => send('/api/slow/9')} meta={{ action: 'slow' }} />
        <Mutator label="quick" mutationFn={() => send('/api/quick/9')} meta={{ action: 'quick' }} />
        <Mutator
          label="refetching"
          mutationFn={() => send('/api/refetching/0')}
          mutationKey={['refetching']}
          onSuccess={refetch}
        />
        <Mutator
          label="settling"
          mutationFn={() => send('/api/settling/1')}
          retry={1}
          onSuccess={aWhile}
          onSettled={refetch}
        />
        <Mutator label="failing" mutationFn={() => send('/api/failing/9')} onError={aWhile} onSettled={refetch} />
        <Ticking />
        <Orders />
        <Others />
      </QueryClientProvider>
    </WaybillProvider>
  </StrictMode>,
)
