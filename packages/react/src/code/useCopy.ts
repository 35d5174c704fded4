'use client'
import { useEffect, useState } from 'react'
import type { RefObject } from 'react'
import { copyText } from './copyText.ts'

/** Copies on demand and keeps what came of it, for the button's word and for the announcement. */
export function useCopy(text: string, shown: RefObject<Element | null>): Copying {
  const [last, setLast] = useState<Last>({ result: undefined, count: 0, faded: false })
  useEffect(() => {
    if (last.result !== 'copied' || last.faded) return undefined
    const timer = setTimeout(() => setLast({ ...last, faded: true }), COPIED_FOR_MS)
    return () => clearTimeout(timer)
  }, [last])
  return {
    state: (!last.faded && last.result) || 'idle',
    result: last.result,
    count: last.count,
    copy: async () => {
      if (!shown.current) return
      const result = await copyText(text, shown.current)
      setLast(({ count }) => ({ result, count: count + 1, faded: false }))
    },
  }
}

/** `selected`: the browser refused to copy, and the code is selected instead. */
export type CopyState = 'idle' | 'copied' | 'selected'

interface Copying {
  /** What the button says now; `copied` fades back to `idle`. */
  readonly state: CopyState
  /** How the last copy ended. */
  readonly result: 'copied' | 'selected' | undefined
  /** How many copies have ended. */
  readonly count: number
  readonly copy: () => Promise<void>
}

interface Last {
  readonly result: 'copied' | 'selected' | undefined
  readonly count: number
  readonly faded: boolean
}

/** Long enough to be read at a glance, short enough that the button offers itself again. */
const COPIED_FOR_MS = 4000
