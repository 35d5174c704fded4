import { useCallback, useEffect, useState } from 'react'
import type { PathMap } from '../../map/PathMap.ts'
import type { DeskClient } from '../createDeskClient.ts'
import { useAsking } from '../useAsking.ts'
import type { AskingStatus } from '../useAsking.ts'
import { useWhenOnline } from '../useWhenOnline.ts'

/** The map of a span of time. While another is asked for, the last one stays. */
export function useMap({ client, since, onSignedOut }: UseMapOptions): MapState {
  const [map, setMap] = useState<PathMap | null>(null)
  const { status, ask, wait, leave } = useAsking({ onSignedOut })
  const load = useCallback(() => ask(client.pathMap(since), setMap), [ask, client, since])
  useEffect(() => {
    void load()
    return leave
  }, [load, leave])
  const retry = useCallback(() => {
    wait()
    return load()
  }, [wait, load])
  useWhenOnline(status === 'offline', retry)
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
  readonly status: AskingStatus
  readonly retry: () => Promise<void>
}
