import { useCallback, useEffect, useRef, useState } from 'react'
import type { PathMap } from '../map/PathMap.ts'
import type { DeskClient, LookUpFailure, LookUpResult } from './createDeskClient.ts'

/** The map of a span of time. While another is asked for, the last one stays. */
export function useMap({ client, since, onSignedOut }: UseMapOptions): MapState {
  const [map, setMap] = useState<PathMap | null>(null)
  const [status, setStatus] = useState<MapState['status']>('busy')
  const newest = useRef(0)
  const take = useCallback(
    (turn: number, result: LookUpResult<PathMap>): void => {
      // A later question has overtaken this one, or nobody looks any more.
      if (turn !== newest.current) return
      if (result.ok) {
        setMap(result.answer)
        setStatus('idle')
      } else if (result.reason === 'signed-out') onSignedOut()
      else setStatus(result.reason)
    },
    [onSignedOut],
  )
  const load = useCallback((): Promise<void> => {
    const turn = ++newest.current
    return client.pathMap(since).then((result) => take(turn, result))
  }, [client, since, take])
  useEffect(() => {
    const turns = newest
    void load()
    return () => void turns.current++
  }, [load])
  const retry = useCallback(() => {
    setStatus('busy')
    return load()
  }, [load])
  return { map, status, retry }
}

export interface UseMapOptions {
  readonly client: Pick<DeskClient, 'pathMap'>
  /** Such as `7d`. */
  readonly since: string
  readonly onSignedOut: () => void
}

export interface MapState {
  readonly map: PathMap | null
  readonly status: 'idle' | 'busy' | Exclude<LookUpFailure, 'signed-out'>
  readonly retry: () => Promise<void>
}
