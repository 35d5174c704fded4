import { inputLines } from './standardInput.ts'

/**
 * Answers the argument, or each line of standard input. What has no answer is told on standard error (as JSON, on standard
 * output with the others), does not stop the rest, and makes the command end with 1.
 */
export async function answerEach(
  argument: string | undefined,
  { json, answer }: { readonly json?: boolean | undefined; readonly answer: (input: string) => Answer },
): Promise<void> {
  for (const { text: input, line } of await inputLines(argument)) {
    const answered = answer(input)
    if (!answered.ok) process.exitCode = 1
    if (json) {
      console.log(JSON.stringify({ input, ...(answered.ok ? answered.facts : { error: answered.reason }) }))
    } else if (!answered.ok) {
      console.error(`[waybill] ${line === null ? '' : `Line ${line}: `}${answered.message}`)
    } else {
      for (const line of answered.lines) console.log(line)
    }
  }
}

export type Answer =
  | { readonly ok: true; readonly lines: readonly string[]; readonly facts: Readonly<Record<string, unknown>> }
  /** The reason is for programs, the message for people. */
  | { readonly ok: false; readonly reason: string; readonly message: string }
