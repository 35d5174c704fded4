import { useCallback, useRef, useState } from 'react'
import type { LookUpFailure, LookUpResult } from './createDeskClient.ts'

/** Asks the desk one question at a time: an answer that a later question has overtaken, or that nobody waits for any more, is shown to nobody. */
export function useAsking({ begins = 'busy', onSignedOut }: AskingOptions): Asking {
  const [status, setStatus] = useState<AskingStatus>(begins)
  const newest = useRef(0)
  const ask = useCallback(
    async <Answer>(question: Promise<LookUpResult<Answer>>, show: (answer: Answer) => void): Promise<void> => {
      const turn = ++newest.current
      const result = await question
      if (turn !== newest.current) return
      if (result.ok) {
        show(result.answer)
        setStatus('idle')
      } else if (result.reason === 'signed-out') onSignedOut()
      else setStatus(result.reason)
    },
    [onSignedOut],
  )
  const wait = useCallback(() => setStatus('busy'), [])
  const leave = useCallback(() => void newest.current++, [])
  return { status, ask, wait, leave }
}

export interface AskingOptions {
  /** `idle` where an earlier answer is at hand. @default 'busy' */
  readonly begins?: 'idle' | 'busy' | undefined
  readonly onSignedOut: () => void
}

export type AskingStatus = 'idle' | 'busy' | Exclude<LookUpFailure, 'signed-out'>

export interface Asking {
  readonly status: AskingStatus
  readonly ask: <Answer>(question: Promise<LookUpResult<Answer>>, show: (answer: Answer) => void) => Promise<void>
  /** Says that the next question is asked because somebody waits for its answer. */
  readonly wait: () => void
  /** From now on nobody waits for an answer. */
  readonly leave: () => void
}
