import { useCallback, useEffect, useRef, useState } from 'react'
import type { FailuresAnswer } from '../../failures/FailuresAnswer.ts'
import type { DeskClient } from '../createDeskClient.ts'
import { useAsking } from '../useAsking.ts'
import type { AskingStatus } from '../useAsking.ts'
import { useWhenOnline } from '../useWhenOnline.ts'
import { queryOf } from './failureFilter.ts'
import type { FailureFilter } from './failureFilter.ts'

/**
 * What failed of late, asked for again every minute while somebody may see it. An answer stays until the next one is there, also
 * when that does not come; then `status` says why.
 */
export function useFailures({ client, filter, memory, onSignedOut }: FailuresOptions): FailuresState {
  const key = queryOf(filter)
  const [heard, setHeard] = useState<HeardFailures | null>(() => memory.answers.get(key) ?? null)
  const { status, ask, wait, leave } = useAsking({ begins: heard ? 'idle' : 'busy', onSignedOut })
  const { since, outcome, service } = filter
  const load = useCallback(
    () =>
      ask(client.failures({ since, outcome, service }), (answer) => {
        const fresh = { key, answer, at: new Date().toISOString() }
        memory.answers.set(key, fresh)
        setHeard(fresh)
      }),
    [ask, client, since, outcome, service, key, memory],
  )
  const refresh = useCallback((): Promise<void> => {
    wait()
    return load()
  }, [wait, load])

  const loadedKey = useRef<string>(undefined)
  useEffect(() => {
    const kept = memory.answers.get(key) ?? null
    // Of a filter that was looked at before there is an answer to show until the new one is there.
    if (loadedKey.current !== undefined && loadedKey.current !== key) setHeard(kept)
    loadedKey.current = key
    if (kept) void load()
    else void refresh()
    return leave
  }, [key, memory, load, refresh, leave])

  useEffect(() => {
    let due = Date.now() + REFRESH_MS
    const again = (): void => {
      if (document.visibilityState !== 'visible' || Date.now() < due) return
      due = Date.now() + REFRESH_MS
      void load()
    }
    const timer = setInterval(again, REFRESH_MS)
    document.addEventListener('visibilitychange', again)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', again)
    }
  }, [load])
  useWhenOnline(status === 'offline', refresh)
  return { heard, status, refresh }
}

export interface FailuresOptions {
  readonly client: Pick<DeskClient, 'failures'>
  readonly filter: FailureFilter
  readonly memory: FailuresMemory
  readonly onSignedOut: () => void
}

/** What stays of the start page while a trail is looked at, so that Back finds it as it was. */
export interface FailuresMemory {
  /** By the filter's query. */
  readonly answers: Map<string, HeardFailures>
  /** Ids of the groups that are unfolded. */
  readonly unfolded: Set<string>
}

export interface HeardFailures {
  /** The query of the filter that it answers. */
  readonly key: string
  readonly answer: FailuresAnswer
  /** ISO 8601. */
  readonly at: string
}

export interface FailuresState {
  /** Null before the first answer. */
  readonly heard: HeardFailures | null
  /** `busy` only while somebody waits for the answer, not while it is refreshed by itself. */
  readonly status: AskingStatus
  readonly refresh: () => Promise<void>
}

const REFRESH_MS = 60_000
