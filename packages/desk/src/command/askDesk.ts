import { cleanText } from '@waybill/trail'
import type { Command } from 'commander'
import type { Scope } from '../access/Access.ts'
import type { LookUpAnswer } from '../lookup/Match.ts'
import type { RecentTrailsAnswer } from '../lookup/recentTrails.ts'

/** The options of every command that asks a desk. */
export function withDeskOptions(command: Command): Command {
  return command
    .option('--desk <url>', 'the desk', 'http://localhost:4100')
    .option('--token-env <name>', 'the environment variable that holds a token of the desk', 'WAYBILL_DESK_TOKEN')
}

export interface AskedDesk {
  readonly desk: string
  readonly tokenEnv: string
}

/** Asks a desk and gives its answer as JSON, or why there is none in a sentence. A token is never in the sentence, nor what was asked. */
export async function askDesk<Answer>(
  path: string,
  { desk, tokenEnv, text, json, scope = 'read', patienceMs = 30_000, isAnswer }: AskOptions<Answer>,
): Promise<Asked<Answer>> {
  const misuse = misuseOf({ desk, tokenEnv }, scope)
  if (misuse) return misuse
  const token = process.env[tokenEnv]
  const { origin } = new URL(desk)
  const body = json === undefined ? text : JSON.stringify(json)
  const type = { 'content-type': json === undefined ? 'text/plain' : 'application/json' }
  const headers = { authorization: `Bearer ${token}`, ...(body !== undefined && type) }
  const init = body === undefined ? { headers } : { method: 'POST', headers, body }
  let response: Response
  try {
    // With a redirect the token would go where nobody configured it to go.
    const request = { ...init, redirect: 'manual', signal: AbortSignal.timeout(patienceMs) } as const
    response = await fetch(`${desk.replace(/\/+$/, '')}${path}`, request)
  } catch (error) {
    // A token with a character that no header may hold.
    if (error instanceof TypeError && !error.cause)
      return not('misuse', `What is in $${tokenEnv} cannot be a token. Set it to ${a(scope)}.`)
    return not('unreachable', `There is no answer from ${origin}. Check that the desk runs there.`)
  }
  if (response.status === 401)
    return not('refused', `The desk does not know the token in $${tokenEnv}. Set it to ${a(scope)}.`)
  if (response.status === 403)
    return not('refused', `The token in $${tokenEnv} may not do this. Set it to one with the scope "${scope}".`)
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after'))
    return not('busy', `The desk was asked too often. Try again in ${seconds > 0 ? seconds : 60} s.`)
  }
  if (response.status === 413) return not('misuse', 'The text is longer than 64 kB. Give the part that holds the code.')
  const answer: unknown = await response.json().catch(() => null)
  if (!response.ok && typeof Object(answer).title === 'string')
    return not('refused', `The desk answered with ${response.status}: ${cleanText(Object(answer).title)}`)
  if (!isAnswer(answer)) {
    const words = `The desk at ${origin} answered with ${response.status} and not as expected.`
    return not('unreachable', `${words} Check the address, its log, and that it is up to date.`)
  }
  return { ok: true, answer }
}

/** What is wrong with how a desk is to be asked; undefined where nothing is. */
export function misuseOf({ desk, tokenEnv }: AskedDesk, scope: Scope = 'read'): NoAnswer | undefined {
  if (!process.env[tokenEnv])
    return not('misuse', `$${tokenEnv} is not set, and the desk answers nobody without a token. Set it to ${a(scope)}.`)
  if (!URL.canParse(desk) || !/^https?:$/.test(new URL(desk).protocol))
    return not('misuse', 'This is no address of a desk. Write one such as --desk http://localhost:4100.')
  return undefined
}

interface AskOptions<Answer> extends AskedDesk {
  /** What to send; without it, and without `json`, the desk is only asked. */
  readonly text?: string | undefined
  readonly json?: object | undefined
  /** What the token has to be allowed. @default 'read' */
  readonly scope?: Scope | undefined
  /** @default 30000 */
  readonly patienceMs?: number | undefined
  /** Whether it is one of this desk's answers, and not some other server's. */
  readonly isAnswer: (answer: unknown) => answer is Answer
}

export type Asked<Answer> = { readonly ok: true; readonly answer: Answer } | NoAnswer

/** `misuse`: nothing was asked. `busy` and `unreachable` may be otherwise in a moment. */
export interface NoAnswer {
  readonly ok: false
  readonly reason: 'misuse' | 'refused' | 'busy' | 'unreachable'
  readonly message: string
}

function not(reason: NoAnswer['reason'], message: string): NoAnswer {
  return { ok: false, reason, message: `[waybill] ${message}` }
}

function a(scope: Scope): string {
  return scope === 'read' ? "the desk's read token" : `a token with the scope "${scope}", made by waybill token create`
}

export function isLookUpAnswer(answer: unknown): answer is LookUpAnswer {
  const { matches, suggestions, unseen } = Object(answer)
  return [matches, suggestions, unseen].every(Array.isArray)
}

export function isRecentTrails(answer: unknown): answer is RecentTrailsAnswer {
  const { trails, unseen } = Object(answer)
  return [trails, unseen].every(Array.isArray)
}
