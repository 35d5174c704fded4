import { useEffect, useRef } from 'react'

/** A ref whose element takes the focus once, when it appears: for results, which replace the button that asked for them. */
export function useFocusOnMount<T extends HTMLElement>({ when = true }: { when?: boolean } = {}) {
  const ref = useRef<T>(null)
  const wanted = useRef(when)
  useEffect(() => {
    if (wanted.current) ref.current?.focus({ preventScroll: true })
  }, [])
  return ref
}
