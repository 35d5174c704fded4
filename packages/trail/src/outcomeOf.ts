import { adviceFor } from './adviceFor.ts'
import type { Advice } from './adviceFor.ts'
import type { Hop } from './hop.ts'
import { orderSteps } from './orderSteps.ts'
import { sentenceFor } from './sentenceFor.ts'
import type { Step } from './Step.ts'
import { verdictOf } from './verdictOf.ts'
import type { OutcomeState } from './verdictOf.ts'

/**
 * The answer to support's questions: how the action stands, where it failed, and who does what now. Only steps of servers
 * decide while there are any; what a browser reported counts where no server step exists. A failure that a later attempt
 * made good is none, and one that is going to be tried again is not one yet.
 */
export function outcomeOf(steps: readonly Step[], { now = Date.now() }: OutcomeOptions = {}): Outcome {
  const ordered = orderSteps(steps)
  const verdict = verdictOf(ordered, now)
  const advice = adviceFor(verdict, ordered)
  return {
    state: verdict.state,
    hop: verdict.step?.hop ?? null,
    advice,
    sentence: sentenceFor(verdict, advice, ordered),
  }
}

export interface OutcomeOptions {
  /** Milliseconds since the epoch; work that has been silent for an hour is `unknown`, not `running`. @default Date.now() */
  readonly now?: number | undefined
}

export interface Outcome {
  readonly state: OutcomeState
  /** Where it failed, or where it is now; null when it succeeded or nothing is known. */
  readonly hop: Hop | null
  readonly advice: Advice
  /** One or two sentences in the past tense, for a person. */
  readonly sentence: string
}
