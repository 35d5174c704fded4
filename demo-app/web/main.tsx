import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createWaybill } from '@waybill/browser'
import { mailto } from '@waybill/browser/support'
import { ContactSupport, WaybillProvider } from '@waybill/react'
import { waybillMutations, waybillQueries } from '@waybill/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createShopApi } from './api/createShopApi.ts'
import { isRefusal } from './api/isRefusal.ts'
import { ShopApiContext } from './api/ShopApiContext.ts'
import { App } from './App.tsx'

const key = document.querySelector<HTMLMetaElement>('meta[name="waybill-browser-key"]')?.content
const waybill = createWaybill({ service: 'shop-web', deliverTo: '/waybill', fallbackTo: '/api/steps', key })
const api = createShopApi({ fetch: waybill.fetch })

// Offline, a call fails at once and says so; React Query would otherwise hold it back without a word.
const networkMode = 'always'
const readAgain = (failures: number, error: unknown) => failures < 1 && !isRefusal(error)
const queryClient = new QueryClient({
  mutationCache: waybillMutations(waybill),
  queryCache: waybillQueries(waybill),
  defaultOptions: { queries: { networkMode, retry: readAgain, staleTime: 5_000 }, mutations: { networkMode } },
})

const support = mailto({ to: 'help@deckle.example' })

const root = document.getElementById('shop')
if (!root) throw new Error('index.html has no element with the id "shop" to draw the shop in.')
createRoot(root).render(
  <StrictMode>
    <WaybillProvider waybill={waybill} contact={<ContactSupport channel={support} />}>
      <QueryClientProvider client={queryClient}>
        <ShopApiContext value={api}>
          <App />
        </ShopApiContext>
      </QueryClientProvider>
    </WaybillProvider>
  </StrictMode>,
)
