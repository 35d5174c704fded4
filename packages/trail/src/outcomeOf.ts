import { adviceFor, declared } from './adviceFor.ts'
import type { Advice } from './adviceFor.ts'
import { ADVICE_WORDS } from './adviceWords.ts'
import type { Hop } from './hop.ts'
import { orderSteps } from './orderSteps.ts'
import { pageVerdictOf } from './pageVerdictOf.ts'
import { isClaim, isLog, partsOf } from './partsOf.ts'
import type { TrailParts } from './partsOf.ts'
import { sentenceFor } from './sentenceFor.ts'
import type { Step } from './Step.ts'
import { inBrackets } from './stepWords.ts'
import { isRead, isUnknownRoute } from './unitsOf.ts'
import { verdictOf } from './verdictOf.ts'
import type { OutcomeState, Verdict } from './verdictOf.ts'

/**
 * The answer to support's questions: how the customer's action stands, where it failed, and who does what now. An action is
 * judged by its own work, as servers tell it; see `partsOf`. What browsers report counts where no server has a step of it, and where a
 * page that is proved to be the customer's says that it failed while the servers went on: then that is a second statement.
 */
export function outcomeOf(steps: readonly Step[], { now = Date.now() }: OutcomeOptions = {}): TrailOutcome {
  const parts = partsOf(orderSteps(steps.filter((step) => !isLog(step))))
  const { own, page, claims, later } = parts
  // Of an address that does not exist nothing of the application ran, so there the page says how it ended.
  const isServed = own.some((step) => !isUnknownRoute(step)) || (own.length > 0 && page.length === 0)
  const judged = isServed ? own : (own.length > 0 ? page : claims).map(withoutDeclarations)
  const verdict = isServed ? verdictOf(judged, now) : pageVerdictOf(judged, now)
  const actions = (own.length > 0 ? page : claims).filter(({ action }) => action)
  // Where no server told anything, a stranger's word must not allow what the page's own does not.
  const isRepeatable =
    own.length > 0
      ? actions.some(({ repeatable }) => repeatable)
      : actions.length > 0 && actions.every(({ repeatable }) => repeatable)
  const outcome = told(verdict, {
    steps: judged,
    isRepeatable,
    disagreement: isServed ? disagreementOf(parts, verdict) : null,
    unheard: isServed ? unheardOf(parts) : undefined,
  })
  const hasOnlyLogs = steps.length > 0 && steps.every(isLog)
  return {
    ...outcome,
    ...(hasOnlyLogs && { sentence: ONLY_LOGS }),
    isClaimed: (judged.length > 0 && judged.every(isClaim)) || (claims.length > 0 && own.every(isUnknownRoute)),
    later: later.map((run) => ({
      ...told(verdictOf(run, now), { steps: run, isRepeatable: false, disagreement: null, unheard: undefined }),
      name: run[0]!.name,
      at: run[0]!.at,
    })),
  }
}

const ONLY_LOGS = 'Log lines were written under this reference; nothing tells what was done, or how it ended.'

export interface OutcomeOptions {
  /** Milliseconds since the epoch; work that has been silent for an hour is `unknown`, not `running`. @default Date.now() */
  readonly now?: number | undefined
}

export interface Outcome {
  readonly state: OutcomeState
  /** Where it failed, or where it is now; null when it succeeded or nothing is known. */
  readonly hop: Hop | null
  /** The id of the step that shows it; null likewise. */
  readonly stepId: string | null
  readonly advice: Advice
  /** How it stands, in a few sentences in the past tense, for a person; what to do comes last. */
  readonly sentence: string
  /** What to do, by itself. */
  readonly todo: string
  /** Where the servers do not say that it failed and the customer's page does: how, such as `SyntaxError`. It is in the sentence, too. */
  readonly pageFailure: string | null
  /** The state in which the work was left, in the application's words. */
  readonly remains: string | null
}

export interface TrailOutcome extends Outcome {
  /** Whether it rests on what browsers report, and on no server's word of what was done. */
  readonly isClaimed: boolean
  /** Runs and webhooks that came later under the same reference. They change nothing in the outcome of the action. */
  readonly later: readonly LaterOutcome[]
}

export interface LaterOutcome extends Outcome {
  /** Of its first step. */
  readonly name: string
  /** When it began, milliseconds since the epoch. */
  readonly at: number
}

/** What the customer's page says where the servers do not say that it failed. */
interface Disagreement {
  /** `it crashed while it was drawn (TypeError)` */
  readonly how: string
}

/**
 * The last word of a page whose calls the servers answered. What it said of an earlier attempt is out of date as soon as a server
 * has answered a later one, of which the page may not have reported yet.
 */
function disagreementOf({ own, page }: TrailParts, { state }: Verdict): Disagreement | null {
  const round = page.findLast(({ action }) => action)
  if (state === 'failed' || round?.action !== 'failed') return null
  const ids = new Set(own.map(({ id }) => id))
  const requests = own.filter(({ hop, parentId }) => hop === 'api' && !ids.has(parentId ?? ''))
  const last = requests.toSorted((a, b) => a.at - b.at).at(-1)
  const call = page.find(({ id }) => id === last?.parentId)
  // A page that crashes as it draws a good answer says so after its action has ended.
  if (!call || ![round.id, round.parentId].includes(call.parentId)) return null
  const type = /^[\w.:-]{1,60}$/.test(round.error?.type ?? '') ? round.error!.type : 'no reason given'
  const isLost = !round.failure && call.parentId === round.id && call.error?.type === type
  return { how: inBrackets({ ...(isLost ? call : round), error: { type } }) }
}

/** A browser may say what happened, and not what became of the business. */
function withoutDeclarations(claim: Step): Step {
  return { ...claim, effect: undefined, remains: undefined }
}

interface Telling {
  readonly steps: readonly Step[]
  readonly isRepeatable: boolean
  readonly disagreement: Disagreement | null
  /** A write that the page says it sent, and of which no server tells. */
  readonly unheard: Step | undefined
}

/** Of each write that the action's page sent the last attempt counts: an earlier one may never have reached a server. */
function unheardOf({ own, page, claims }: TrailParts): Step | undefined {
  const rounds = new Set(page.filter(({ action }) => action).map(({ id }) => id))
  const heard = new Set(own.map(({ parentId }) => parentId))
  const last = new Map<string, Step>()
  for (const call of [...page, ...claims].toSorted((a, b) => a.at - b.at)) {
    if (call.hop === 'browser' && !call.action && rounds.has(call.parentId ?? '') && !isRead(call))
      last.set(call.name, call)
  }
  return [...last.values()].findLast(({ id }) => !heard.has(id))
}

function told(verdict: Verdict, telling: Telling): Outcome {
  const { steps, isRepeatable, disagreement, unheard } = telling
  const { state } = verdict
  const step = state === 'succeeded' ? undefined : verdict.step
  const advice = adviceFor(verdict, { steps, isRepeatable })
  const remains = declared(steps)?.remains ?? null
  const server = sentenceFor(verdict, steps)
  const pageFailure = disagreement?.how ?? null
  const common = { state, hop: step?.hop ?? null, stepId: step?.id ?? null, advice, pageFailure, remains }
  if (unheard && state !== 'running') {
    const { sentence, todo } = ADVICE_WORDS['ask-engineering']
    const open = state === 'failed' ? {} : ({ state: 'unknown', hop: unheard.hop, stepId: unheard.id } as const)
    const also = `The customer's page also sent ${unheard.name}, and no server tells of that.`
    return { ...common, ...open, advice: 'ask-engineering', todo, sentence: `${server} ${also} ${sentence}` }
  }
  if (disagreement) {
    return { ...common, ...bothSay(verdict, { disagreement, server, advice }) }
  }
  const hasRead = verdict.units.every((unit) => isRead(unit.step))
  const isRepeat = advice === 'customer-retry' && isRepeatable && !hasRead
  const isAlert = state === 'unknown' && step?.hop === 'alert'
  const words = ADVICE_WORDS[state === 'running' ? 'wait' : isRepeat ? 'repeat' : isAlert ? 'alert' : advice]
  const left = advice === 'manual-fix' && remains ? `: ${remains}` : ''
  return { ...common, todo: words.todo + left, sentence: words.sentence ? `${server} ${words.sentence}` : server }
}

interface BothWords {
  readonly disagreement: Disagreement
  /** The servers' sentence. */
  readonly server: string
  readonly advice: Advice
}

/** The servers' word and the page's, and what follows from both. */
function bothSay(
  { state, units }: Verdict,
  { disagreement, server, advice }: BothWords,
): Pick<Outcome, 'sentence' | 'todo' | 'advice'> {
  const page = `the customer's page says it failed (${disagreement.how}).`
  const words = (head: string, todo: string, then: Advice = advice): ReturnType<typeof bothSay> => ({
    sentence: `${head}; ${page} ${server} ${todo}.`,
    todo,
    advice: then,
  })
  const hasFinished = units.some(({ step }) => step.status === 'ok' && !isRead(step))
  if (state === 'succeeded' && hasFinished)
    return words('The server finished it', 'Tell the customer that it went through; nobody does it a second time')
  if (state === 'succeeded')
    return words(
      'The server answered what it was asked for, and changed nothing',
      'Ask engineering whether the page meant to send more, before anybody tries again',
      'ask-engineering',
    )
  if (state === 'running')
    return words(
      'The server is still working on it',
      'Tell the customer that it is being worked on; nobody does it a second time',
    )
  return words('Nobody knows how it ended', ADVICE_WORDS['ask-engineering'].todo)
}
