import { Fragment } from 'react'
import type { CodeSlip } from './slipIn.ts'

/** A reference; where it is another than the one that was typed, the symbols are marked in which it differs. */
export function TrailCode({ reference, slip }: TrailCodeProps) {
  if (slip === null || slip.kind === 'extra') return <code dir="ltr">{reference}</code>
  const from = placeIn(reference, slip.at)
  const to = placeIn(reference, slip.at + slip.code.length - 1) + 1
  return (
    <code dir="ltr">
      {[reference.slice(0, from), reference.slice(to)].map((part, index) => (
        <Fragment key={index === 0 ? 'before' : 'after'}>
          {index === 1 && <mark>{reference.slice(from, to)}</mark>}
          {part}
        </Fragment>
      ))}
    </code>
  )
}

export interface TrailCodeProps {
  readonly reference: string
  readonly slip: CodeSlip | null
}

/** Where the symbol stands among the hyphens. */
function placeIn(reference: string, symbol: number): number {
  let seen = -1
  return [...reference].findIndex((each) => each !== '-' && ++seen === symbol)
}
