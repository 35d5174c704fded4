import type { StepError } from '@waybill/trail'
import type { Entry } from './Entry.ts'

/** An action while its page lives. */
export interface LiveAction {
  readonly entry: Entry
  readonly traceId: string
  /** What was only looked at (`waybill.current()`) and called nothing leaves nothing behind. */
  isRecorded: boolean
  openCalls: number
  /** Attempts of the calls that failed last, by method and whole URL: too telling to be stored. */
  readonly failures: Map<string, number>
  cancelSilence?: () => void
}

export interface StartedCall {
  readonly id: string
  readonly method: string
  readonly path: string
  readonly key: string
  readonly traceId?: string | undefined
}

export interface EndedCall {
  readonly key: string
  readonly status?: number | undefined
  readonly error?: StepError | undefined
}
