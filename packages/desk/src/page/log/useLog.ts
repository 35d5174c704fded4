import { useCallback, useEffect, useState } from 'react'
import type { DeskClient, LogPage } from '../createDeskClient.ts'
import { useAsking } from '../useAsking.ts'
import type { AskingStatus } from '../useAsking.ts'
import { useWhenOnline } from '../useWhenOnline.ts'

/** The record of who saw what, as far as it was asked for. While another person's is asked for, the last one stays. */
export function useLog({ client, who, onSignedOut }: UseLogOptions): LogState {
  const [shown, setShown] = useState<ShownLog>(NONE)
  const { status, ask, wait, leave } = useAsking({ onSignedOut })
  const load = useCallback(
    (after: ShownLog) =>
      ask(client.log({ who, before: after.next }), ({ entries, next }) =>
        setShown({ who, entries: [...after.entries, ...entries], next }),
      ),
    [ask, client, who],
  )
  useEffect(() => {
    void load(NONE)
    return leave
  }, [load, leave])
  const more = useCallback(() => {
    wait()
    return load(shown.who === who ? shown : NONE)
  }, [wait, load, shown, who])
  useWhenOnline(status === 'offline', more)
  return { ...shown, status, more }
}

export interface UseLogOptions {
  readonly client: Pick<DeskClient, 'log'>
  /** Only what this one did; '' for everybody. */
  readonly who: string
  readonly onSignedOut: () => void
}

export interface LogState extends ShownLog {
  readonly status: AskingStatus
  /** Asks for the next page, or for the same once more. */
  readonly more: () => Promise<void>
}

interface ShownLog extends LogPage {
  /** Whose the entries are; null before there was an answer. */
  readonly who: string | null
}

const NONE: ShownLog = { who: null, entries: [], next: null }
