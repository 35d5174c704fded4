import { useId } from 'react'
import type { Match } from '../../lookup/Match.ts'
import { useTexts } from '../texts/useTexts.ts'
import { hopMapOf } from './hopMapOf.ts'
import type { HopMap as HopMapData } from './hopMapOf.ts'
import { HopPlaceItem } from './HopPlaceItem.tsx'
import { hopRuns } from './hopRuns.ts'
import type { HopRun } from './hopRuns.ts'

/** Where one trail went, drawn. The picture is a list of places, in which what a place parted into is a list in it. */
export function HopMap({ match }: HopMapProps) {
  const { hopMap: texts } = useTexts()
  const id = useId()
  const map = hopMapOf(match)
  if (map.places.length === 0) return null
  return (
    <section className="hop-map" aria-labelledby={id}>
      <h2 id={id}>{texts.title}</h2>
      <Runs runs={hopRuns(map)} map={map} />
      {map.more > 0 && <p className="hop-more">{texts.more(map.more)}</p>}
    </section>
  )
}

export interface HopMapProps {
  readonly match: Match
}

function Runs({ runs, map }: { readonly runs: readonly HopRun[]; readonly map: HopMapData }) {
  return (
    <ul className="hop-parts" data-fan={runs.length > MOST_IN_COLUMN && runs.every(isLeaf) ? '' : undefined}>
      {runs.map(({ places, parts }) => (
        <li key={places[0]}>
          <ol className="hop-run" data-places={places.length}>
            {places.map((place, index) => (
              <HopPlaceItem key={place} place={place} map={map}>
                {index === places.length - 1 && parts.length > 0 && <Runs runs={parts} map={map} />}
              </HopPlaceItem>
            ))}
          </ol>
        </li>
      ))}
    </ul>
  )
}

/** More places than these that lead no further stand side by side, too. */
const MOST_IN_COLUMN = 4

function isLeaf({ places, parts }: HopRun): boolean {
  return places.length === 1 && parts.length === 0
}
