/** A part of what a look-up goes through that it could not see. What is in it is not absent: it was not searched. */
export interface Unseen {
  /** `desk` is the desk's own database, any other a store of spans that it reads from. */
  readonly where: 'desk' | 'clickhouse' | 'tempo'
  readonly reason: UnseenReason
  /** The time that it is about, in ISO 8601 with milliseconds; null where there is no bound. */
  readonly from: string | null
  readonly to: string | null
}

/**
 * `damaged`: a file that cannot be read. `unreachable`: no connection, or it was lost. `timed-out`: no answer within the time there is. `refused`: the other side would
 * not, by its rights or its limits. `unreadable`: an answer that is not what it should be. `over-budget`: more than a look-up may go through.
 */
export type UnseenReason = 'damaged' | 'unreachable' | 'timed-out' | 'refused' | 'unreadable' | 'over-budget'
