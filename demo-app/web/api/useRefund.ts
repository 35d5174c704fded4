import { useQuery } from '@tanstack/react-query'
import { isUnderWay, type Refund } from './Refund.ts'
import { useShopApi } from './ShopApiContext.ts'

const POLL_MS = 2_000
const SLOW_POLL_MS = 5_000
const SLOW_AFTER_MS = 15_000

/** The refund as it stands now: asked for again every few seconds until it is decided or a person has it. */
export function useRefund(known: Refund): Refund {
  const api = useShopApi()
  const { data } = useQuery({
    queryKey: ['refunds', known.id],
    queryFn: () => api.refund(known.id),
    initialData: known,
    staleTime: POLL_MS,
    refetchInterval: ({ state }) => pollAfter(state.data ?? known),
  })
  return data
}

/** Most refunds are decided at once, and the others take a minute or more: every poll is a call, so it gets rarer. */
function pollAfter(refund: Refund): number | false {
  if (!isUnderWay(refund)) return false
  return Date.now() - Date.parse(refund.requestedAt) < SLOW_AFTER_MS ? POLL_MS : SLOW_POLL_MS
}
