import type { Reference } from '@waybill/reference'

/** A response with RFC 9457 problem details: `application/problem+json` with the member `reference` for the customer to quote. */
export function problemResponse(problem: Problem, reference: Reference | undefined): Response {
  return new Response(problemText(problem, reference), { status: problem.status, headers: PROBLEM_HEADERS })
}

/** The body of that response. */
export function problemText(problem: Problem, reference: Reference | undefined): string {
  const { type, title, status, detail, ...extensions } = problem
  return JSON.stringify({ type, title, status, detail, ...extensions, reference })
}

export const PROBLEM_HEADERS = Object.freeze({
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
})

export interface Problem {
  /** HTTP status, 400 to 599. */
  readonly status: number
  /** What did not happen, for people: `The card was declined.` */
  readonly title: string
  /** A URI for this kind of problem. @default none, which stands for `about:blank` */
  readonly type?: string | undefined
  /** More on this occurrence, for people. No internals: it is shown to customers. */
  readonly detail?: string | undefined
  /** Extension members (RFC 9457, section 3.2), such as `errors` with the fields of a form. */
  readonly [member: string]: unknown
}
