import { ordinalWord, stepWords, troubleOfSeveral } from '@waybill/trail'
import type { Batch } from '@waybill/trail'
import { useId } from 'react'
import type { ReactNode } from 'react'
import type { MatchStep } from '../../lookup/Match.ts'
import { Bar } from './Bar.tsx'
import { clockTime } from '../clockTime.ts'
import { countText } from '../countText.ts'
import { durationText } from '../durationText.ts'
import { HopIcon } from '../HopIcon.tsx'
import type { RowContext } from './RowContext.ts'
import type { FoldedRow } from './timelineRows.ts'

/** All attempts of one piece of work, or all items of a batch, in one row; opens to each of them. */
export function FoldedItem({ row, scale, open, onToggle, children }: FoldedItemProps) {
  const id = useId()
  const { key, heads } = row
  const [first] = heads
  const last = heads.at(-1)
  if (!first || !last) return null
  const { subject, deed } = stepWords(last)
  const isOpen = open.has(key)
  const begun = Date.parse(first.at)
  const lengthMs = Math.max(...heads.map((step) => Date.parse(step.at) + step.durationMs)) - begun
  const all = heads.map((step) => ({
    id: step.id,
    from: Date.parse(step.at),
    ms: step.durationMs,
    look: step.status,
  }))
  // So many stand side by side that they are one stretch, but for those that failed.
  const stretches =
    all.length > MOST_STRETCHES
      ? [
          { id: key, from: begun, ms: lengthMs, look: 'ok' as const },
          ...all.filter(({ look }) => look === 'error').slice(0, MOST_STRETCHES),
        ]
      : all
  return (
    <li className="row" data-depth={0}>
      <button
        type="button"
        className="line"
        data-row={key}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => onToggle(key)}
      >
        <time dateTime={first.at}>{clockTime(first.at, { thousandths: true })}</time>
        <HopIcon hop={first.hop} />
        <span className="what">
          <b>{subject}</b> {deed}
          {row.batch ? <BatchWords batch={row.batch} /> : <AttemptsWords row={row} />}
          {heads.every((step) => step.claimed) && <span className="claim">reported by the customer’s browser</span>}
        </span>
        <Bar stretches={stretches} scale={scale} />
        <span className="duration">{durationText(lengthMs)}</span>
      </button>
      <div id={id} hidden={!isOpen} className="inside">
        {isOpen && children}
      </div>
    </li>
  )
}

export interface FoldedItemProps extends RowContext {
  readonly row: FoldedRow
  /** The rows inside. */
  readonly children: ReactNode
}

function AttemptsWords({ row: { heads, cause } }: { readonly row: FoldedRow }) {
  const last = heads.at(-1)
  const trouble = last && stepWords(last).trouble
  const why = cause && stepWords(cause)
  const failed = heads.filter(isBroken)
  return (
    <>
      {trouble && !why && <span className="trouble">; the last time {trouble}</span>}
      <span className="badge">{heads.length} attempts</span>
      {why && (
        <span className="trouble below">
          the last time it {why.deed}; {why.trouble}
        </span>
      )}
      {last?.status === 'ok' && failed.length > 0 && (
        <span className="below">
          {troubleOfSeveral(failed)}; the {ordinalWord(heads.length)} went well
        </span>
      )}
    </>
  )
}

function BatchWords({ batch: { items, fact, counts } }: { readonly batch: Batch<MatchStep> }) {
  // Of an item that was tried again the last attempt counts.
  const broken = items.flatMap(({ attempts }) => attempts.slice(-1)).filter(isBroken)
  const named = broken.slice(0, MOST_NAMED)
  const rest = counts.failed - named.length
  return (
    <>
      <span className="badge">
        {countText(counts.done)} of {countText(counts.all)} done
      </span>
      {named.map((step) => (
        <span key={step.id} className="trouble below">
          {fact ? `${fact} ${step.facts[fact]}` : 'One'}: {stepWords(step).trouble}
        </span>
      ))}
      {rest > 0 && <span className="trouble below">{countText(rest)} more failed</span>}
    </>
  )
}

const MOST_STRETCHES = 100
const MOST_NAMED = 10

function isBroken({ status }: MatchStep): boolean {
  return status === 'error'
}
