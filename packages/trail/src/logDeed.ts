import { ATTRIBUTES } from './attributes.ts'
import type { StepError } from './Step.ts'
import { NO_WORDS } from './stepOfLogRecord.ts'

/**
 * What a log record says, in words: `logged an error: no answer from the ledger (timeout)`, `met an exception (TypeError)`. Events have the
 * names of OpenTelemetry's semantic conventions; others keep theirs.
 */
export function logDeed({ name, error, attributes }: LoggedStep): string {
  const type = error ? ` (${error.type})` : ''
  const event = attributes?.[ATTRIBUTES.event]
  if (typeof event === 'string') return `${EVENTS.find(([is]) => is.test(event))?.[1] ?? `noted ${event}`}${type}`
  const what = LINES[String(attributes?.[ATTRIBUTES.severity])] ?? 'logged'
  const words = name === NO_WORDS ? '' : `: ${name}`
  return `${what === 'logged' && !words ? 'logged something' : what}${words}${type}`
}

interface LoggedStep {
  readonly name: string
  readonly error?: Pick<StepError, 'type'> | null | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

const LINES: Readonly<Record<string, string>> = {
  warn: 'logged a warning',
  error: 'logged an error',
  fatal: 'logged a fatal error',
}

/** The first that fits. Most are of browsers. */
const EVENTS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\.)exception$/, 'met an exception'],
  [/^browser\.(?:page_view|navigation)$/, 'went to another page'],
  [/^browser\.(?:navigation|resource)_timing$/, 'measured how the page loaded'],
  [/^browser\.web_vital$/, 'measured how the page felt'],
  [/^browser\.user_action\.click$|^app\.(?:screen|widget)\.click$/, 'took a click'],
  [/^browser\.user_action(?:\.|$)/, 'took an input'],
  [/^browser\.console$/, 'wrote to the browser’s console'],
  [/^browser\.error$/, 'met an error'],
  [/^app\.crash$/, 'crashed'],
  [/^app\.jank$/, 'was slow to draw'],
  [/^session\.start$/, 'began a session'],
  [/^session\.end$/, 'ended a session'],
  [/^feature_flag\.evaluation$/, 'looked up a feature flag'],
  [/^gen_ai\.evaluation\.result$/, 'judged a model’s answer'],
]
