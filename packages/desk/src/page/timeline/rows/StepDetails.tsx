import type { MatchStep } from '../../../lookup/Match.ts'
import { SPAN_STORE_NAMES } from '../../../lookup/unseenText.ts'
import type { DeskTexts } from '../../texts/english.ts'
import { useTexts } from '../../texts/useTexts.ts'
import { momentText } from '../../momentText.ts'
import type { Zones } from '../time/zonesFor.ts'
import { linkWords } from '../../answer/linkWords.ts'

/** Everything known of a step, for engineering. */
export function StepDetails({ step, zones }: StepDetailsProps) {
  const texts = useTexts().timeline
  return (
    <dl className="details">
      {[...entriesOf(step), ...timesOf(step, zones, texts)].map(([name, value]) => (
        <div key={`${name} ${value}`}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {step.links.map(({ rel, reference }) => (
        <div key={`${rel} ${reference}`}>
          <dt>{linkWords({ rel, name: null })}</dt>
          <dd>
            <a className="link" href={`/trail/${reference}`}>
              {reference}
            </a>
          </dd>
        </div>
      ))}
    </dl>
  )
}

export interface StepDetailsProps {
  readonly step: MatchStep
  readonly zones: Zones
}

function entriesOf(step: MatchStep): [string, string][] {
  const { error, attempt, maxAttempts } = step
  const entries: [string, string | null][] = [
    ['error', error && [error.type, error.message].filter(Boolean).join(': ')],
    ['attempt', attempt === null ? null : `${attempt}${maxAttempts === null ? '' : ` of ${maxAttempts}`}`],
    ['service', step.service],
    ['hop', step.hop],
    ['name', step.name],
    ['job', step.jobId],
    ['span', step.id],
    ['parent', step.parentId],
    ['effect', step.effect],
    ['read from', step.source === 'desk' ? null : SPAN_STORE_NAMES[step.source]],
    ...Object.entries(step.facts),
    ...Object.entries(step.attributes).map(([name, value]): [string, string] => [WORDS[name] ?? name, String(value)]),
  ]
  return entries.filter((entry): entry is [string, string] => entry[1] !== null)
}

/** One moment by each clock on the wall that somebody may have in mind. */
function timesOf(
  { at, atByOwnClock }: MatchStep,
  { own, customer }: Zones,
  texts: DeskTexts['timeline'],
): [string, string][] {
  const inZone = (iso: string, zone: string): string =>
    `${momentText(iso, { as: 'date, milliseconds', zone })} (${zone})`
  return [
    [texts.forYou, inZone(at, own)],
    ...(customer === null ? [] : [[texts.forCustomer, inZone(at, customer)] satisfies [string, string]]),
    ['UTC', at],
    ...(atByOwnClock === null ? [] : [[texts.byOwnClock, atByOwnClock] satisfies [string, string]]),
  ]
}

/** What support reads of model and tool calls. Other attributes keep their OpenTelemetry names, which engineers know. */
const WORDS: Readonly<Record<string, string>> = {
  'gen_ai.operation.name': 'operation',
  'gen_ai.prompt.name': 'prompt',
  'gen_ai.prompt.version': 'prompt version',
  'gen_ai.provider.name': 'provider',
  'gen_ai.request.model': 'model',
  'gen_ai.response.finish_reasons': 'finish reason',
  'gen_ai.response.id': 'provider’s response id',
  'gen_ai.response.model': 'model that answered',
  'gen_ai.tool.name': 'tool',
  'gen_ai.usage.cache_creation.input_tokens': 'input tokens put into the cache',
  'gen_ai.usage.cache_read.input_tokens': 'input tokens from the cache',
  'gen_ai.usage.input_tokens': 'input tokens',
  'gen_ai.usage.output_tokens': 'output tokens',
  'waybill.log.severity': 'severity',
}
