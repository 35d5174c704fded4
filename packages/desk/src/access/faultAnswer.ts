import { problem } from '../problem.ts'
import { AccessLogError } from './AccessLogError.ts'

/** The answer where a reading route failed; 503 where that is because nobody could tell later who saw it. */
export function faultAnswer(error: unknown): Response {
  if (error instanceof AccessLogError) {
    return problem({
      status: 503,
      title: 'This cannot be written down, so nothing is shown or done.',
      detail: 'The access log of this desk cannot be written; whoever runs it sees why in its output.',
      headers: { 'retry-after': '10' },
    })
  }
  return problem({ status: 500, title: 'This failed on our side.', detail: 'Try again; if it stays, see the log.' })
}
