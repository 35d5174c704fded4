import { useSyncExternalStore } from 'react'
import { currentPlace, onPlaceChange, type Place } from './history.ts'

/** The current place, following links, `navigate` and the browser's own buttons. */
export function usePlace(): Place {
  return useSyncExternalStore(onPlaceChange, currentPlace)
}
