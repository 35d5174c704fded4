import type { MatchStep } from '../lookup/Match.ts'
import { linkWords } from './linkWords.ts'

/** Everything known of a step, for engineering. */
export function StepDetails({ step }: StepDetailsProps) {
  return (
    <dl className="details">
      {entriesOf(step).map(([name, value]) => (
        <div key={name}>
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
}

function entriesOf(step: MatchStep): [string, string][] {
  const { error, attempt, maxAttempts } = step
  const entries: [string, string | null][] = [
    ['error', error && [error.type, error.message].filter(Boolean).join(': ')],
    ['attempt', attempt === null ? null : `${attempt}${maxAttempts === null ? '' : ` of ${maxAttempts}`}`],
    ['service', step.service],
    ['hop', step.hop],
    ['name', step.name],
    ['at', step.at],
    ['job', step.jobId],
    ['span', step.id],
    ['parent', step.parentId],
    ['effect', step.effect],
    ...Object.entries(step.facts),
    ...Object.entries(step.attributes).map(([name, value]): [string, string] => [name, String(value)]),
  ]
  return entries.filter((entry): entry is [string, string] => entry[1] !== null)
}
