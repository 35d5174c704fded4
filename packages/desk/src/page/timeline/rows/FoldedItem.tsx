import { ordinalWord, stepWords, troubleOfSeveral } from '@waybill/trail'
import type { Batch } from '@waybill/trail'
import type { MatchStep } from '../../../lookup/Match.ts'
import { countText } from '../../countText.ts'
import { durationText } from '../../durationText.ts'
import { HopIcon } from '../../HopIcon.tsx'
import { useTexts } from '../../texts/useTexts.ts'
import type { ShownRow } from '../folding/shownRows.ts'
import type { FoldedRow } from '../folding/timelineRows.ts'
import { Bar } from '../time/Bar.tsx'
import { spanOf } from '../time/spanOf.ts'
import { momentText } from '../../momentText.ts'
import { CorrectedMark } from './CorrectedMark.tsx'
import { Chevron } from './FoldButton.tsx'
import type { RowContext } from './RowContext.ts'

/** All attempts of one piece of work, or all items of a batch, in one row; opens to each of them. */
export function FoldedItem({ row, state, context }: FoldedItemProps) {
  const texts = useTexts().timeline
  const { key, heads } = row
  const { scale, view, zone, onTurn, onFocus } = context
  const [first] = heads
  const last = heads.at(-1)
  if (!first || !last) return null
  const { subject, deed } = stepWords(last)
  const all = heads.map((step) => {
    const { from, to, course } = spanOf(step, context)
    return { id: step.id, from, to, look: course === 'silent' ? course : step.status }
  })
  const begun = all.reduce((least, { from }) => Math.min(least, from), Infinity)
  const ended = all.reduce((most, { to }) => Math.max(most, to), 0)
  // So many stand side by side that they are one stretch, but for those that failed.
  const stretches =
    all.length > MOST_STRETCHES
      ? [
          { id: key, from: begun, to: ended, look: 'ok' as const },
          ...all.filter(({ look }) => look === 'error').slice(0, MOST_STRETCHES),
        ]
      : all
  return (
    <button
      type="button"
      className="line"
      data-row={key}
      aria-expanded={state === 'open'}
      onClick={() => onTurn(key)}
      onFocus={() => onFocus(key)}
    >
      <time dateTime={first.at}>{momentText(first.at, { as: 'milliseconds', zone })}</time>
      <HopIcon hop={first.hop} />
      <span className="what">
        <b>{subject}</b> {deed}
        {row.batch ? <BatchWords batch={row.batch} /> : <AttemptsWords row={row} />}
        {heads.some((step) => step.atByOwnClock !== null) && <CorrectedMark />}
        {heads.every((step) => step.claimed) && <span className="claim">{texts.claimed}</span>}
      </span>
      <Bar stretches={stretches} scale={scale} view={view} />
      <span className="duration">
        {all.some(({ look }) => look === 'running') ? texts.goingOn : durationText(ended - begun)}
      </span>
      <Chevron />
    </button>
  )
}

export interface FoldedItemProps extends Pick<ShownRow, 'state'> {
  readonly row: FoldedRow
  readonly context: RowContext
}

function AttemptsWords({ row: { heads, cause } }: { readonly row: FoldedRow }) {
  const texts = useTexts().timeline
  const last = heads.at(-1)
  const trouble = last && stepWords(last).trouble
  const why = cause && stepWords(cause)
  const failed = heads.filter(isBroken)
  return (
    <>
      {trouble && !why && <span className="trouble">{texts.lastTime(trouble)}</span>}
      <span className="badge">{texts.attempts(heads.length)}</span>
      {why && <span className="trouble below">{texts.lastTimeIt(why.deed, why.trouble)}</span>}
      {last?.status === 'ok' && failed.length > 0 && (
        <span className="below">{texts.wentWell(troubleOfSeveral(failed), ordinalWord(heads.length))}</span>
      )}
    </>
  )
}

function BatchWords({ batch: { items, fact, counts } }: { readonly batch: Batch<MatchStep> }) {
  const texts = useTexts().timeline
  // Of an item that was tried again the last attempt counts.
  const broken = items.flatMap(({ attempts }) => attempts.slice(-1)).filter(isBroken)
  const named = broken.slice(0, MOST_NAMED)
  const rest = counts.failed - named.length
  return (
    <>
      <span className="badge">{texts.done(countText(counts.done), countText(counts.all))}</span>
      {named.map((step) => (
        <span key={step.id} className="trouble below">
          {texts.itemFailed(fact ? `${fact} ${step.facts[fact]}` : null, stepWords(step).trouble)}
        </span>
      ))}
      {rest > 0 && <span className="trouble below">{texts.moreFailed(countText(rest))}</span>}
    </>
  )
}

const MOST_STRETCHES = 100
const MOST_NAMED = 10

function isBroken({ status }: MatchStep): boolean {
  return status === 'error'
}
