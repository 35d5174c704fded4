import type { Advice, Hop, Outcome } from '@waybill/trail'
import type { Match, Owner } from '../../lookup/Match.ts'
import { mostPressingFirst } from '../../lookup/mostPressingFirst.ts'

/** What is to be done about a trail: whether to try again comes first, then who does what. */
export function todoWords(match: Match): TodoWords {
  const outcome: OwnOrLater = mostPressingFirst<OwnOrLater>([match.outcome, ...match.later])[0] ?? match.outcome
  const about = outcome.name === undefined ? '' : `About the later “${outcome.name}”: `
  const { retry, words } = wordsOf(outcome, match.steps.find(({ id }) => id === outcome.stepId)?.hop)
  const [before = '', after] = words.split('{who}')
  return after === undefined
    ? { retry, before: about + before, who: null, after: '' }
    : { retry, before: about + before, who: whoOf(match, outcome), after }
}

/** Of the action's own work, or of a run that came later, which has a name. */
type OwnOrLater = Outcome & { readonly name?: string | undefined }

/** Together they are the whole: `Retry: no. Payments team (#payments in Slack) finishes it by hand: refund held for review.` */
export interface TodoWords {
  /** The verdict: `Retry: no.` */
  readonly retry: string
  readonly before: string
  /** Whose turn it is, where that is somebody at the company. */
  readonly who: Who | null
  readonly after: string
}

export interface Who extends Pick<Owner, 'url'> {
  /** As they stand in a sentence. */
  readonly words: string
}

/** The same as one text. */
export function todoText(match: Match): string {
  const { retry, before, who, after } = todoWords(match)
  return `${retry} ${before}${who?.words ?? ''}${after}`
}

function whoOf({ owner, steps }: Match, { stepId }: Outcome): Who {
  if (owner) {
    const { name, contact, url } = owner
    return { url, words: contact === null ? name : `${name} (${contact})` }
  }
  const service = steps.find(({ id }) => id === stepId)?.service
  return { url: null, words: service === undefined ? 'Somebody at engineering' : `Somebody who looks after ${service}` }
}

interface RetryWords {
  readonly retry: string
  /** `{who}` stands for whoever has to act. */
  readonly words: string
}

function wordsOf({ state, advice, pageFailure, remains, todo }: Outcome, hop: Hop | undefined): RetryWords {
  if (state === 'running' && pageFailure === null) return { retry: 'Retry: no.', words: 'Wait; it is still going on.' }
  if (pageFailure !== null) return { retry: 'Retry: no.', words: `${todo}.` }
  if (state === 'unknown' && hop === 'alert')
    return { retry: 'Retry: no.', words: '{who} has to find out what it is about.' }
  const { retry, words = `${todo}.` } = WORDS[advice]
  return { retry, words: words.replace('{left}', () => (remains === null ? '' : `: ${remains}`)) }
}

/** Without words of its own an advice is told in those of the trail, which know more of it. */
const WORDS: Readonly<Record<Advice, { readonly retry: string; readonly words?: string }>> = {
  none: { retry: 'Retry: not needed.', words: 'There is nothing to do.' },
  'customer-retry': { retry: 'Retry: yes.' },
  'customer-other-card': { retry: 'Retry: yes, with another card.' },
  'customer-correct': { retry: 'Retry: yes, once it is corrected.' },
  'customer-sign-in': { retry: 'Retry: yes, once signed in.' },
  'no-retry': { retry: 'Retry: no.', words: 'The same request would end the same way; nothing was changed.' },
  rerun: { retry: 'Retry: yes.', words: '{who} runs it again; nothing was changed.' },
  'rerun-failed': {
    retry: 'Retry: yes, but only what failed.',
    words: '{who} does that part again; what failed changed nothing.',
  },
  redeliver: {
    retry: 'Retry: yes.',
    words: '{who} has it delivered again by whoever sent it; nothing was changed.',
  },
  'manual-fix': { retry: 'Retry: no.', words: '{who} finishes it by hand{left}.' },
  'ask-engineering': { retry: 'Retry: no, not yet.', words: '{who} has to find out first what was changed.' },
}
