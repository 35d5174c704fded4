/** An answer in RFC 9457 problem details. `title` and `detail` are for whoever called; they never repeat what was sent. */
export function problem({ status, title, detail, extensions = {}, headers = {} }: ProblemOptions): Response {
  return new Response(
    JSON.stringify({ type: 'about:blank', title, status, ...(detail && { detail }), ...extensions }),
    {
      status,
      headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    },
  )
}

export interface ProblemOptions {
  readonly status: number
  readonly title: string
  /** What to do about it. @default none */
  readonly detail?: string | undefined
  /** What a program needs beside it, by names of its own. @default none */
  readonly extensions?: Readonly<Record<string, unknown>> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** 429 for whoever came too often. */
export function tooMany(retryAfterSeconds: number): Response {
  return problem({
    status: 429,
    title: 'Too many requests.',
    detail: `Try again in ${retryAfterSeconds} s.`,
    headers: { 'retry-after': String(retryAfterSeconds) },
  })
}
