import { useState } from 'react'

/** Copies one of several texts, and says which it was and whether the browser let it happen. */
export function useClipboard<What extends string>(): Clipboard<What> {
  const [last, setLast] = useState<Copied<What> | null>(null)
  const copy = async (what: What, text: string): Promise<void> => {
    // What is said twice alike is announced once: between two copies the announcement is empty.
    setLast(null)
    try {
      await navigator.clipboard.writeText(text)
      setLast({ what, text, state: 'copied' })
    } catch {
      // No clipboard on plain http beyond localhost, or refused: the text is shown selected instead.
      setLast({ what, text, state: 'refused' })
    }
  }
  return { last, copy: (what, text) => void copy(what, text) }
}

export interface Clipboard<What extends string> {
  /** Null until something was copied. */
  readonly last: Copied<What> | null
  readonly copy: (what: What, text: string) => void
}

interface Copied<What extends string> {
  readonly what: What
  readonly text: string
  /** `refused`: the browser did not let it happen. */
  readonly state: 'copied' | 'refused'
}
