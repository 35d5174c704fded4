/** Where the visitor is. `arrival` is what brought them here, where the page before had something to say; a reload forgets it. */
export interface Place {
  readonly path: string
  readonly arrival: Arrival | undefined
}

export type Arrival = (typeof ARRIVALS)[number]

const ARRIVALS = ['paid', 'refund requested'] as const

const listeners = new Set<() => void>()
let place: Place | undefined
let walked = false

/** The current place; the same object until the visitor goes elsewhere. */
export function currentPlace(): Place {
  return (place ??= { path: location.pathname, arrival: arrivalHere() })
}

/** Calls `listener` after each change of place. Returns how to stop. */
export function onPlaceChange(listener: () => void): () => void {
  if (listeners.size === 0) addEventListener('popstate', changed)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) removeEventListener('popstate', changed)
  }
}

/** Goes to `path` inside the shop, at the top of the page. */
export function navigate(path: string, arrival?: Arrival): void {
  history.pushState(arrival ?? null, '', path)
  changed()
  scrollTo({ top: 0, behavior: 'instant' })
}

/** Whether the visitor got here from another page of the shop; not after a load, which the browser announces by itself. */
export function arrivedFromWithin(): boolean {
  return walked
}

function arrivalHere(): Arrival | undefined {
  const state: unknown = history.state
  return walked ? ARRIVALS.find((arrival) => arrival === state) : undefined
}

function changed(): void {
  place = undefined
  walked = true
  for (const listener of listeners) listener()
}
