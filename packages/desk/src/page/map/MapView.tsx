import { useState } from 'react'
import type { MapEnd, MapPlace, PathMap } from '../../map/PathMap.ts'
import type { DeskClient } from '../createDeskClient.ts'
import { countText } from '../countText.ts'
import { HopIcon } from '../HopIcon.tsx'
import { MapPlaces } from './MapPlaces.tsx'
import { Notice } from '../Notice.tsx'
import { useFocusOnce } from '../useFocusOnce.ts'
import { useMap } from './useMap.ts'

/** The way that requests take through the system, as the desk saw it: places in the order they are met, and where references end. */
export function MapView({ client, onSignedOut }: MapViewProps) {
  const heading = useFocusOnce<HTMLHeadingElement>()
  const [since, setSince] = useState('7d')
  const { map, status, retry } = useMap({ client, since, onSignedOut })
  return (
    <section className="map" aria-busy={status === 'busy'}>
      <div className="view-head">
        <h1 ref={heading} tabIndex={-1}>
          The path that requests take
        </h1>
        <label>
          Heard of in the last{' '}
          <select value={since} onChange={(event) => setSince(event.currentTarget.value)}>
            {SPANS.map(([span, words]) => (
              <option key={span} value={span}>
                {words}
              </option>
            ))}
          </select>
        </label>
      </div>
      {status === 'busy' && map === null && <div className="skeleton" aria-hidden="true" />}
      {status !== 'busy' && status !== 'idle' ? (
        <Notice kind={status} onRetry={retry} />
      ) : (
        map !== null && <DrawnMap map={map} />
      )}
    </section>
  )
}

export interface MapViewProps {
  readonly client: Pick<DeskClient, 'pathMap'>
  readonly onSignedOut: () => void
}

const SPANS = [
  ['24h', '24 hours'],
  ['7d', '7 days'],
  ['30d', '30 days'],
] as const

function DrawnMap({ map }: { readonly map: PathMap }) {
  const { trails, more, places, ends, leftOut } = map
  if (trails === 0)
    return <p>Nothing was heard of in this time. Choose a longer one, or check that services send their steps here.</p>
  const isTold = places.some((place) => !place.claimed)
  return (
    <>
      <p>
        {more
          ? `From the newest ${countText(trails, 'trail')}; there are more.`
          : `From ${countText(trails, 'trail')}.`}
        {leftOut > 0 && ' Some places were left out, for there are too many.'}
      </p>
      {isTold && <MapPlaces map={map} isClaimed={false} />}
      <h2>Where references end</h2>
      <ul className="map-ends">
        {ends.map((end) => (
          <End key={`${end.place} ${end.note}`} end={end} place={places[end.place]} trails={trails} />
        ))}
      </ul>
      {places.some((place) => place.claimed) && (
        <>
          <h2>Only browsers told of these</h2>
          <p>No server confirmed them: anybody can make such reports up.</p>
          <MapPlaces map={map} isClaimed />
        </>
      )}
    </>
  )
}

function End({
  end,
  place,
  trails,
}: {
  readonly end: MapEnd
  readonly place: MapPlace | undefined
  readonly trails: number
}) {
  if (!place) return null
  return (
    <li>
      <span>
        {end.trails} of {trails}
      </span>
      <span className="map-place">
        <HopIcon hop={place.hop} /> <b>{place.service}</b> {place.hop}
      </span>
      {end.note !== null && <span className="map-note">{end.note}</span>}
    </li>
  )
}
