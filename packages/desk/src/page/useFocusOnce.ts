import { useEffect, useRef } from 'react'
import type { RefObject } from 'react'

/** Gives focus to an element when it first appears, so that keys and screen readers go on from the answer. */
export function useFocusOnce<Target extends HTMLElement>(): RefObject<Target | null> {
  const target = useRef<Target>(null)
  useEffect(() => target.current?.focus({ preventScroll: true }), [])
  return target
}
