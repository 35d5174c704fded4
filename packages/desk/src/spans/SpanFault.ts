import type { UnseenReason } from '../store/Unseen.ts'

/** Why a store of spans gave no answer. Its own words are only for whoever runs the desk. */
export class SpanFault extends Error {
  override readonly name = 'SpanFault'
  readonly reason: UnseenReason
  constructor(reason: UnseenReason, message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** Whatever a request to another server ended by. */
export function spanFaultOf(error: unknown): SpanFault {
  if (error instanceof SpanFault) return error
  const name = error instanceof Error ? error.name : ''
  if (name === 'TimeoutError' || name === 'AbortError')
    return new SpanFault('timed-out', 'No answer came within the time there is.', { cause: error })
  return new SpanFault('unreachable', 'It cannot be reached.', { cause: error })
}
