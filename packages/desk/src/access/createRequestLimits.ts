import type { Identity } from './Access.ts'
import { createRateLimit } from './createRateLimit.ts'
import { networkOf } from './networkOf.ts'

/**
 * How often whoever is let in may come. A person or program with a name of their own is counted by it, from wherever they come; whoever shares
 * a name with others, such as the environment's read token or a browser key, by address. The other way round twenty times as much is allowed.
 * Each gives 0, or the seconds to wait.
 */
export function createRequestLimits(options: RequestLimitsOptions): RequestLimits {
  const { lookUpsPerMinute, browserRequestsPerMinute, serverRequestsPerMinute, clock } = options
  const limit = (perMinute: number) => createRateLimit({ perMinute, clock })
  const [reading, readingInAll] = [limit(lookUpsPerMinute), limit(lookUpsPerMinute * MANY)]
  const [browsing, browsingInAll] = [limit(browserRequestsPerMinute), limit(browserRequestsPerMinute * MANY)]
  const serving = limit(serverRequestsPerMinute)
  return {
    ofReader({ via, address, id, isShared }) {
      const [name, place] = [`${via} by ${id}`, `${via} from ${networkOf(address)}`]
      return reading.take(isShared ? place : name) || readingInAll.take(isShared ? name : place)
    },
    ofBrowser: (address) => browsing.take(networkOf(address)),
    ofBrowserKey: (id) => browsingInAll.take(id),
    ofServer: (id) => serving.take(id),
  }
}

export interface RequestLimits {
  ofReader(reader: Reader): number
  ofBrowser(address: string): number
  ofBrowserKey(id: string): number
  ofServer(id: string): number
}

export interface Reader extends Pick<Identity, 'via' | 'address'> {
  /** The token's, or who the proxy says it is. */
  readonly id: string
  /** Whether others have the same. */
  readonly isShared: boolean
}

export interface RequestLimitsOptions {
  readonly lookUpsPerMinute: number
  readonly browserRequestsPerMinute: number
  readonly serverRequestsPerMinute: number
  /** Milliseconds that only ever grow. */
  readonly clock: () => number
}

const MANY = 20
