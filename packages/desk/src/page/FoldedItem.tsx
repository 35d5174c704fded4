import { ordinalWord, stepWords, troubleOfSeveral } from '@waybill/trail'
import { useId } from 'react'
import type { ReactNode } from 'react'
import type { MatchStep } from '../lookup/Match.ts'
import { Bar } from './Bar.tsx'
import { clockTime } from './clockTime.ts'
import { durationText } from './durationText.ts'
import { HopIcon } from './HopIcon.tsx'
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
  const stretches = heads.map((step) => ({
    id: step.id,
    from: Date.parse(step.at),
    ms: step.durationMs,
    look: step.status,
  }))
  const lengthMs = Date.parse(last.at) + last.durationMs - Date.parse(first.at)
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
          {row.kind === 'batch' ? <BatchWords row={row} /> : <AttemptsWords row={row} />}
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

function BatchWords({ row: { heads, fact } }: { readonly row: FoldedRow }) {
  // Of an item that was tried again the last attempt counts.
  const items = [...new Map(heads.map((step) => [step.facts[fact], step])).values()]
  const done = items.filter((step) => step.status === 'ok').length
  return (
    <>
      <span className="badge">
        {done} of {items.length} done
      </span>
      {items.filter(isBroken).map((step) => (
        <span key={step.id} className="trouble below">
          {fact} {step.facts[fact]}: {stepWords(step).trouble}
        </span>
      ))}
    </>
  )
}

function isBroken({ status }: MatchStep): boolean {
  return status === 'error'
}
