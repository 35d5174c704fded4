import { problem } from '../problem.ts'
import { isDatabaseFault } from '../store/DatabaseFault.ts'
import { AccessLogError } from './AccessLogError.ts'

/** The answer where a reading route failed; 503 where that is because the database is away, or nobody could tell later who saw it. */
export function faultAnswer(error: unknown): Response {
  if (error instanceof AccessLogError) {
    return problem({
      status: 503,
      title: 'This cannot be written down, so nothing is shown or done.',
      detail: 'The access log of this desk cannot be written; whoever runs it sees why in its output.',
      headers: { 'retry-after': '10' },
    })
  }
  if (isDatabaseFault(error)) {
    return problem({
      status: 503,
      title: 'The desk cannot ask its database right now.',
      detail:
        'That says nothing of whether what you look for is there. Try again in a moment; whoever runs the desk sees why in its output.',
      headers: { 'retry-after': '2' },
    })
  }
  return problem({ status: 500, title: 'This failed on our side.', detail: 'Try again; if it stays, see the log.' })
}
