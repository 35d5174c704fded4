import { useLayoutEffect, useRef } from 'react'
import type { RefObject } from 'react'
import { isTyping } from './isTyping.ts'
import { useSingleKeys } from './singleKeys.ts'

/** Calls `act` when a key is pressed on its own and is text for nobody, from the moment what it is for is on the page. */
export function useShortcut(key: string, act: (event: KeyboardEvent) => void, { within }: ShortcutOptions = {}): void {
  const areOn = useSingleKeys()
  const newest = useRef(act)
  useLayoutEffect(() => {
    newest.current = act
  })
  useLayoutEffect(() => {
    if (!within && !areOn) return undefined
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      // With Shift an arrow selects text.
      if (within && ((event.shiftKey && key.startsWith('Arrow')) || !within.current?.contains(event.target as Node)))
        return
      newest.current(event)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [key, within, areOn])
}

export interface ShortcutOptions {
  /** Only while focus is inside, where it takes nothing from the rest of the page and need not be turned off. @default everywhere */
  readonly within?: RefObject<HTMLElement | null> | undefined
}
