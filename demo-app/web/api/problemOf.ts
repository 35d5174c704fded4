import { isHTTPError } from 'ky'
import * as z from 'zod/mini'

const problem = z.object({
  type: z.optional(z.string()),
  title: z.optional(z.string()),
  detail: z.optional(z.string()),
  errors: z.optional(z.array(z.object({ pointer: z.string(), detail: z.string() }))),
})

/** What the API said about a refusal, as in RFC 9457; `errors` as in its section 3. */
export type Problem = z.infer<typeof problem>

/** The problem details of a failed call, or `undefined` when the API had nothing to say: offline, or a broken answer. */
export function problemOf(error: unknown): Problem | undefined {
  if (!isHTTPError(error)) return undefined
  const parsed = problem.safeParse(error.data)
  return parsed.success ? parsed.data : undefined
}

/** The problem's sentence about one field of a form, found by its JSON pointer. */
export function fieldProblem(problem: Problem | undefined, field: string): string | undefined {
  return problem?.errors?.find(({ pointer }) => pointer.replace(/^#?\//, '') === field)?.detail
}
