import { useCallback, useSyncExternalStore } from 'react'
import type { Action } from '@waybill/browser'

/** The reference behind what an observer shows now; `handle` is its bound function that React Query's hooks hand out. */
export function useObserved(handle: object, cache: Subscribable): Action['reference'] | undefined {
  const subscribe = useCallback((listener: () => void) => cache.subscribe(listener), [cache])
  return useSyncExternalStore(subscribe, () => observed.get(handle)?.(), nothing)
}

/** By such a function, how to read the reference. */
export const observed = new WeakMap<object, () => Action['reference'] | undefined>()

interface Subscribable {
  subscribe(listener: () => void): () => void
}

const nothing = (): undefined => undefined
