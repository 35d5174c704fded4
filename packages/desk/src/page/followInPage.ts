import type { MouseEvent } from 'react'

/** A link's click that goes on in this page, unless a key asks for another tab or window. */
export function followInPage(go: () => void): (event: MouseEvent) => void {
  return (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    go()
  }
}
