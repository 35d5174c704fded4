import type { ReactNode } from 'react'
import { HopIcon } from '../HopIcon.tsx'
import { useTexts } from '../texts/useTexts.ts'
import type { HopMap, HopState } from './hopMapOf.ts'

/** One place of the map, with what led to it before it and what it parted into behind it. */
export function HopPlaceItem({ place, map: { places }, children }: HopPlaceItemProps) {
  const { hopMap: texts } = useTexts()
  const { service, hop, isOutside, claimed, times, failed, state, ways } = places[place]!
  const [way, ...others] = ways.toSorted((a, b) => Number(a.from > place) - Number(b.from > place))
  const said = isOutside && state === 'failed' ? texts.callFailed : texts.states[state]
  return (
    <li className="hop-place" data-state={state}>
      {way && (
        <span className="hop-way">
          <span className="unseen">{texts.ledTo}</span>
          <svg viewBox="0 0 24 16" aria-hidden="true">
            <path d="M1 8h20m-5-5l5 5-5 5" />
          </svg>
        </span>
      )}
      <div className="hop-card">
        <span aria-hidden="true">
          <HopIcon hop={hop} />
        </span>
        <b>{service}</b> <span className="hop-kind">{isOutside ? texts.outside : texts.hops[hop]}</span>
        {times > 1 && <span className="hop-note">{texts.times(times)}</span>}
        {failed > 0 && times > 1 && <span className="hop-note hop-failures">{texts.someFailed(failed)}</span>}
        {others.map(({ from }) => (
          <span key={from} className="hop-note">
            {texts.alsoFrom(places[from]!.service, texts.hops[places[from]!.hop])}
          </span>
        ))}
        {claimed && <span className="claim">{texts.claimed}</span>}
        {said !== null && (
          <strong className="hop-state">
            <StateIcon state={state} /> {said}
          </strong>
        )}
      </div>
      {children}
    </li>
  )
}

export interface HopPlaceItemProps {
  readonly place: number
  readonly map: HopMap
  /** What it parted into. */
  readonly children?: ReactNode
}

function StateIcon({ state }: { readonly state: HopState }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[state]} />
    </svg>
  )
}

/** Three dots, a turn, a clock, a person, a cross. */
const PATHS: Readonly<Record<HopState, string>> = {
  passed: '',
  silent: 'M3 8h.01M8 8h.01M13 8h.01',
  running: 'M8 2a6 6 0 106 6M11 2.8l1 .8',
  waiting: 'M8 2a6 6 0 100 12A6 6 0 008 2zM8 4.8V8l2.3 1.5',
  held: 'M8 7.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5zM3 14a5 5 0 0110 0',
  reported: 'M3.5 3.5l9 9m0-9l-9 9',
  failed: 'M3.5 3.5l9 9m0-9l-9 9',
}
