import {
  dehydrate,
  hydrate,
  onlineManager,
  QueryClient,
  QueryClientProvider,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import type { UseMutationOptions } from '@tanstack/react-query'
import ky from 'ky'
import { StrictMode, useEffect, useState } from 'react'
import type { JSX } from 'react'
import { createRoot } from 'react-dom/client'
import { createWaybill } from '@waybill/browser'
import { ErrorNotice, ReferenceCode, WaybillProvider } from '@waybill/react'
import { useMutationReference, waybillMutations } from '@waybill/react-query'

/** The page that `waybillMutations.test.ts` presses the buttons of. */
const waybill = createWaybill({ service: 'shop-web' })
const api = ky.create({ fetch: waybill.fetch, retry: 0 })
const queryClient = createClient()
Object.assign(globalThis, { waybill })

async function send(path: string): Promise<string> {
  const response = await waybill.fetch(path, { method: 'POST' })
  if (!response.ok) throw new Error(`Not done: ${response.status}`, { cause: response })
  return response.text()
}

const sendOne = () => send('/api/stable/2')

function createClient(): QueryClient {
  const client = new QueryClient({
    mutationCache: waybillMutations(waybill),
    defaultOptions: { mutations: { retryDelay: 60 }, queries: { retry: false } },
  })
  client.setMutationDefaults(['kept'], { mutationFn: () => send('/api/kept/0') })
  return client
}

interface MutatorProps extends Pick<
  UseMutationOptions<string>,
  'mutationFn' | 'mutationKey' | 'meta' | 'retry' | 'onSuccess'
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
  const client = useQueryClient()
  const mutation = useMutation({ mutationFn: () => send('/api/inside/0'), mutationKey: ['inside'] })
  const first = useMutation({ mutationFn: () => send('/api/first/9'), mutationKey: ['Save all'] })
  const second = useMutation({ mutationFn: () => send('/api/slow/0'), mutationKey: ['second'] })
  const kept = useMutation<string>({ mutationKey: ['kept'], meta: { action: 'Keep over a reload' } })
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
      <button onClick={() => setTimeout(() => mutation.mutate(), 20)}>later</button>
      <button
        onClick={() => {
          onlineManager.setOnline(false)
          kept.mutate()
        }}
      >
        keep
      </button>
      <button onClick={() => localStorage.setItem('cache', JSON.stringify(dehydrate(client)))}>persist</button>
      <button
        onClick={() => {
          const restored = createClient()
          hydrate(restored, JSON.parse(localStorage.getItem('cache') ?? '{}'))
          void restored.resumePausedMutations()
        }}
      >
        resume
      </button>
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
        <Mutator label="slow" mutationFn={() => send('/api/slow/9')} meta={{ action: 'slow' }} />
        <Mutator label="quick" mutationFn={() => send('/api/quick/9')} meta={{ action: 'quick' }} />
        <Mutator
          label="refetching"
          mutationFn={() => send('/api/refetching/0')}
          mutationKey={['refetching']}
          onSuccess={() => queryClient.invalidateQueries({ queryKey: ['orders'] })}
        />
        <Ticking />
        <Orders />
        <Others />
      </QueryClientProvider>
    </WaybillProvider>
  </StrictMode>,
)
