import type { LookUpAnswer } from '../lookup/Match.ts'
import type { RecentTrailsAnswer } from '../lookup/recentTrails.ts'

/** Where the tools read trails: the desk's own store, or a desk over HTTP. Each reading is written down by the desk as a look-up. */
export interface DeskReader {
  /** @throws Unreadable */
  readonly find: (text: string) => Promise<LookUpAnswer>
  /** @throws Unreadable */
  readonly recentFailures: (question: FailureQuestion) => Promise<RecentTrailsAnswer>
}

export interface FailureQuestion {
  /** `30m`, `24h`, `7d`. */
  readonly since: string
  /** Trails at most; a desk over HTTP may give more. */
  readonly limit: number
  readonly hop?: string | undefined
  readonly service?: string | undefined
}

/** Why a desk cannot be read, in a message for whoever set it up, which holds nothing that was typed. */
export class Unreadable extends Error {}
