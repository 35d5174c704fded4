import type { MapEdge, PathMap } from '../../map/PathMap.ts'
import { dayAndTime } from '../dayAndTime.ts'
import { countText } from '../countText.ts'
import { HopIcon } from '../HopIcon.tsx'

/** Places of a map, each with those that it led to. */
export function MapPlaces({ map: { places, edges }, isClaimed }: MapPlacesProps) {
  return (
    <ol className="map-places">
      {places.map((place, index) => {
        if (place.claimed !== isClaimed) return null
        const onward = edges.filter((edge) => edge.from === index && places[edge.to] !== undefined)
        return (
          <li key={`${place.hop} ${place.service}`}>
            <div className="map-place">
              <HopIcon hop={place.hop} /> <b>{place.service}</b> {place.hop}
            </div>
            <p className="map-counts">
              {place.steps.toLocaleString('en-GB')} {place.steps === 1 ? 'step' : 'steps'} in{' '}
              {countText(place.trails, 'trail')}
              <Failures count={place.failed} />
            </p>
            {onward.length > 0 && (
              <ul>
                {onward.map((edge) => (
                  <Onward key={edge.to} edge={edge} to={places[edge.to]!} />
                ))}
              </ul>
            )}
          </li>
        )
      })}
    </ol>
  )
}

export interface MapPlacesProps {
  readonly map: PathMap
  /** Whether to show those that only browsers told of, or the others. */
  readonly isClaimed: boolean
}

function Onward({ edge, to }: { readonly edge: MapEdge; readonly to: PathMap['places'][number] }) {
  return (
    <li>
      <span aria-hidden="true">→</span> <span className="unseen">led to</span> <b>{to.service}</b> {to.hop}
      {', '}
      {edge.steps.toLocaleString('en-GB')}×<Failures count={edge.failed} />, last{' '}
      <time dateTime={edge.lastAt}>{dayAndTime(edge.lastAt)}</time>
    </li>
  )
}

function Failures({ count }: { readonly count: number }) {
  if (count === 0) return null
  return (
    <>
      {', '}
      <span className="map-failed">{count.toLocaleString('en-GB')} failed</span>
    </>
  )
}
