import { useCallback, useEffect, useRef, useState } from 'react'
import type { DeskClient, LogEntry, LogPage, LookUpFailure, LookUpResult } from './createDeskClient.ts'

/** The record of who saw what, as far as it was asked for. While another person's is asked for, the last one stays. */
export function useLog({ client, who, onSignedOut }: UseLogOptions): LogState {
  const [shown, setShown] = useState<ShownLog>(NONE)
  const [status, setStatus] = useState<LogState['status']>('busy')
  const newest = useRef(0)

  const take = useCallback(
    (turn: number, before: readonly LogEntry[], result: LookUpResult<LogPage>): void => {
      // A later question has overtaken this one, or nobody looks any more.
      if (turn !== newest.current) return
      if (result.ok) {
        setShown({ who, entries: [...before, ...result.answer.entries], next: result.answer.next })
        setStatus('idle')
      } else if (result.reason === 'signed-out') onSignedOut()
      else setStatus(result.reason)
    },
    [who, onSignedOut],
  )
  const load = useCallback(
    (after: ShownLog): Promise<void> => {
      const turn = ++newest.current
      return client.log({ who, before: after.next }).then((result) => take(turn, after.entries, result))
    },
    [client, who, take],
  )
  useEffect(() => {
    const turns = newest
    void load(NONE)
    return () => void turns.current++
  }, [load])
  const more = useCallback(() => {
    setStatus('busy')
    return load(shown.who === who ? shown : NONE)
  }, [load, shown, who])

  useEffect(() => {
    if (status !== 'offline') return undefined
    const onOnline = (): void => void more()
    addEventListener('online', onOnline)
    return () => removeEventListener('online', onOnline)
  }, [status, more])

  return { ...shown, status, more }
}

export interface UseLogOptions {
  readonly client: Pick<DeskClient, 'log'>
  /** Only what this one did; '' for everybody. */
  readonly who: string
  readonly onSignedOut: () => void
}

export interface LogState extends ShownLog {
  readonly status: 'idle' | 'busy' | Exclude<LookUpFailure, 'signed-out'>
  /** Asks for the next page, or for the same once more. */
  readonly more: () => Promise<void>
}

interface ShownLog extends LogPage {
  /** Whose the entries are; null before there was an answer. */
  readonly who: string | null
}

const NONE: ShownLog = { who: null, entries: [], next: null }
