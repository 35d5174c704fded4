import type { Command } from 'commander'

/** The options of every command that asks a desk. */
export function withDeskOptions(command: Command): Command {
  return command
    .option('--desk <url>', 'the desk', 'http://localhost:4100')
    .option('--token-env <name>', 'the environment variable that holds a token that may read', 'WAYBILL_DESK_TOKEN')
}

export interface AskedDesk {
  readonly desk: string
  readonly tokenEnv: string
}

/** Asks a desk and gives its answer as JSON, or why there is none in a sentence. A token is never in the sentence, nor what was asked. */
export async function askDesk<Answer>(
  path: string,
  { desk, tokenEnv, text, isAnswer }: AskOptions<Answer>,
): Promise<Asked<Answer>> {
  const token = process.env[tokenEnv]
  if (!token)
    return not('misuse', `$${tokenEnv} is not set, and the desk answers readers only. Set it to the desk's read token.`)
  if (!URL.canParse(desk) || !/^https?:$/.test(new URL(desk).protocol))
    return not('misuse', 'This is no address of a desk. Write one such as --desk http://localhost:4100.')
  const { origin } = new URL(desk)
  const headers = { authorization: `Bearer ${token}`, ...(text !== undefined && { 'content-type': 'text/plain' }) }
  const init = text === undefined ? { headers } : { method: 'POST', headers, body: text }
  let response: Response
  try {
    response = await fetch(`${desk.replace(/\/+$/, '')}${path}`, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch (error) {
    // A token with a character that no header may hold.
    if (error instanceof TypeError && !error.cause)
      return not('misuse', `What is in $${tokenEnv} cannot be a token. Set it to the desk's read token.`)
    return not('unreachable', `There is no answer from ${origin}. Check that the desk runs there.`)
  }
  if (response.status === 401)
    return not('refused', `The desk does not know the token in $${tokenEnv}. Set it to the desk's read token.`)
  if (response.status === 403)
    return not('refused', `The token in $${tokenEnv} may not read. Set it to one with the scope "read".`)
  if (response.status === 429) {
    const seconds = Number(response.headers.get('retry-after'))
    return not('busy', `The desk was asked too often. Try again in ${seconds > 0 ? seconds : 60} s.`)
  }
  if (response.status === 413) return not('misuse', 'The text is longer than 64 kB. Give the part that holds the code.')
  const answer: unknown = response.ok ? await response.json().catch(() => null) : null
  if (!isAnswer(answer)) {
    const words = `The desk at ${origin} answered with ${response.status} and not as expected.`
    return not('unreachable', `${words} Check the address, its log, and that it is up to date.`)
  }
  return { ok: true, answer }
}

interface AskOptions<Answer> extends AskedDesk {
  /** What to send; without it the desk is only asked. */
  readonly text?: string | undefined
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

const PATIENCE_MS = 30_000

function not(reason: NoAnswer['reason'], message: string): NoAnswer {
  return { ok: false, reason, message: `[waybill] ${message}` }
}
