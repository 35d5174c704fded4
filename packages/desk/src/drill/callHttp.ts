import { cleanText } from '@waybill/trail'
import type { Variables } from './createVariables.ts'
import type { DrillCall } from './DrillConfig.ts'
import { DrillError } from './DrillError.ts'

/**
 * Makes one call as the drill's file has it. Any status is an answer.
 *
 * @throws DrillError when there is no answer.
 */
export async function callHttp(call: DrillCall, options: CallOptions): Promise<CallAnswer> {
  const { base, where, variables, signal, extra = {} } = options
  const fill = (text: string): string => variables.fill(text, where)
  const headers = new Headers()
  const { body } = call
  const isText = typeof body === 'string'
  if (body !== undefined && !isText) headers.set('content-type', 'application/json')
  for (const [name, value] of Object.entries(call.headers)) {
    const filled = fill(value)
    try {
      headers.set(name, filled)
    } catch {
      // The error itself would hold the value, which may be a secret.
      throw new DrillError(
        `The header "${cleanText(name)}" of ${where} holds a character that no header may have. Check its variable for a line break.`,
      )
    }
  }
  for (const [name, value] of Object.entries(extra)) headers.set(name, value)
  let url: URL
  try {
    url = new URL(fill(call.url), base)
  } catch (cause) {
    throw new DrillError(`The address of ${where} is none. Write a path, or a whole URL.`, { cause })
  }
  try {
    const response = await fetch(url, {
      method: call.method,
      headers,
      redirect: 'manual',
      signal: AbortSignal.any([AbortSignal.timeout(LONGEST_MS), ...(signal ? [signal] : [])]),
      ...(body !== undefined && { body: isText ? fill(body) : JSON.stringify(filled(body, fill)) }),
    })
    return { status: response.status, headers: response.headers, text: await response.text(), url: url.href }
  } catch (cause) {
    if (signal?.aborted) throw cause
    const code = Object(Object(cause).cause).code ?? Object(cause).name
    throw new DrillError(`${where} got no answer from ${url.origin} (${String(code)}). Check that it runs there.`, {
      cause,
    })
  }
}

export interface CallOptions {
  /** What paths are relative to. */
  readonly base: string
  /** What it is for, in the file's words. */
  readonly where: string
  readonly variables: Variables
  readonly signal?: AbortSignal | undefined
  /** Headers besides those in the file. @default none */
  readonly extra?: Readonly<Record<string, string>> | undefined
}

export interface CallAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly url: string
}

const LONGEST_MS = 30_000

/** With its variables filled in, wherever a text stands in it. */
function filled(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === 'string') return fill(value)
  if (Array.isArray(value)) return value.map((each) => filled(each, fill))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filled(each, fill)]))
}
