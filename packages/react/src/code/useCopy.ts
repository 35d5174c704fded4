'use client'
import { useEffect, useRef, useState } from 'react'
import type { RefObject } from 'react'
import { copyText } from './copyText.ts'

/** Copies on demand and keeps what came of it, for the button's word and for the announcement; of another text it says nothing. */
export function useCopy(text: string, shown: RefObject<Element | null>): Copying {
  const [last, setLast] = useState<Last>()
  const presses = useRef(0)
  if (last && last.text !== text) setLast(undefined)
  useEffect(() => {
    if (last?.result !== 'copied' || last.isFaded) return undefined
    const timer = setTimeout(() => setLast({ ...last, isFaded: true }), COPIED_FOR_MS)
    return () => clearTimeout(timer)
  }, [last])
  return {
    state: last && !last.isFaded ? last.result : 'idle',
    result: last?.result,
    count: last?.count ?? 0,
    copy: async () => {
      if (!shown.current) return
      const press = ++presses.current
      const result = await copyText(text, shown.current)
      // Of two presses the last one counts, however they end.
      if (press !== presses.current) return
      setLast((before) => result && { text, result, count: (before?.count ?? 0) + 1, isFaded: false })
    },
  }
}

interface Copying {
  /** What the button says now; `copied` fades back to `idle`. `selected`: the browser refused, and the code is selected instead. */
  readonly state: 'idle' | 'copied' | 'selected'
  /** How the last copy ended. */
  readonly result: 'copied' | 'selected' | undefined
  /** How many copies have ended. */
  readonly count: number
  readonly copy: () => Promise<void>
}

interface Last {
  readonly text: string
  readonly result: 'copied' | 'selected'
  readonly count: number
  readonly isFaded: boolean
}

/** Long enough to be read at a glance, short enough that the button offers itself again. */
const COPIED_FOR_MS = 4000
