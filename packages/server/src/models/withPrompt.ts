import { AsyncLocalStorage } from 'node:async_hooks'
import type { ServerWaybill } from '../ServerWaybill.ts'
import { plainName } from './plainName.ts'

/**
 * Calls `fn` so that each model call in it, throughout everything it awaits, says which of your prompts it was and in which version:
 * whichever SDK makes the call. A name or version is 1 to 100 of `A-Z a-z 0-9 _ . : / -`, so that no prompt is taken for its name; what
 * breaks that is left out and goes to `onError`.
 *
 * ```ts
 * const answer = await withPrompt(waybill, { name: 'refund-review', version: 7 }, () => openai.responses.create({ … }))
 * ```
 */
export function withPrompt<T>(waybill: ServerWaybill, { name, version }: Prompt, fn: () => T): T {
  const attributes = {
    'gen_ai.prompt.name': told(waybill, 'name', name),
    'gen_ai.prompt.version': told(waybill, 'version', version),
  }
  return inForce.run(attributes, fn)
}

/** What a model call that begins now says of its prompt. */
export function promptAttributes(): PromptAttributes {
  return inForce.getStore() ?? {}
}

export interface Prompt {
  /** What you call it, such as `refund-review`. */
  readonly name: string
  readonly version?: string | number | undefined
}

type PromptAttributes = Readonly<Partial<Record<'gen_ai.prompt.name' | 'gen_ai.prompt.version', string | undefined>>>

/** Not part of the waybill's context, which goes along to other services. */
const inForce = new AsyncLocalStorage<PromptAttributes>()

function told(waybill: ServerWaybill, what: string, value: string | number | undefined): string | undefined {
  return waybill.guard(() => {
    const text = value === undefined ? undefined : plainName(String(value))
    if (text !== undefined || value === undefined) return text
    throw new TypeError(
      `[waybill] The ${what} of a prompt was left out, so support cannot tell which prompt it was. Give it 1 to 100 of A-Z a-z 0-9 _ . : / -.`,
    )
  })
}
