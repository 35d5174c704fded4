import { useEffect, useRef } from 'react'
import { isTyping } from './isTyping.ts'

/** Calls `act` when a key is pressed on its own and is text for nobody. */
export function useShortcut(key: string, act: (event: KeyboardEvent) => void): void {
  const newest = useRef(act)
  useEffect(() => {
    newest.current = act
  })
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      newest.current(event)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [key])
}
