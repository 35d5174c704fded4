import type { TrailSummary } from '../../lookup/Match.ts'
import { dayAndTime } from '../dayAndTime.ts'
import { followInPage } from '../followInPage.ts'
import { OutcomeMark } from '../OutcomeMark.tsx'
import { useTexts } from '../texts/useTexts.ts'
import type { DeskTexts } from '../texts/english.ts'
import type { CodeSlip } from './slipIn.ts'
import { tellApart } from './tellApart.ts'
import type { Distinction } from './tellApart.ts'
import { TrailCode } from './TrailCode.tsx'

/** Trails one below the other, each with what tells it from the others. A person chooses; none is opened by guess. */
export function TrailList({ trails, distinction, slipOf, focused, onOpen }: TrailListProps) {
  const { find } = useTexts()
  const isApart = distinction !== undefined && trails.length > 1
  const { ownOf } = distinction ?? tellApart([])
  return (
    <>
      <p className="trail-columns" aria-hidden="true">
        <span>{find.columns.outcome}</span>
        <span>{find.columns.when}</span>
        <span>{find.columns.action}</span>
        <span>{isApart ? find.columns.facts : find.plainFacts}</span>
        <span>{find.columns.reference}</span>
      </p>
      <ul className="trail-list">
        {trails.map((trail) => (
          <li key={trail.reference}>
            <a
              href={`/trail/${trail.reference}`}
              ref={trail.reference === focused ? focus : undefined}
              onClick={followInPage(() => onOpen(trail.reference))}
            >
              <OutcomeMark state={trail.outcome.state} />
              <time dateTime={trail.startedAt}>{dayAndTime(trail.startedAt)}</time>
              <span className="trail-what">
                <b>{trail.action ?? find.noAction}</b>
                <span className="trail-sentence">{trail.outcome.sentence}</span>
                {trail.claimed && <span className="claim">{find.claimed}</span>}
                <Turn trail={trail} />
              </span>
              <span className="trail-traits">
                {isApart ? <OwnTraits traits={ownOf(trail.reference)} /> : <AllValues trail={trail} />}
              </span>
              <span className="trail-code">
                <TrailCode reference={trail.reference} slip={slipOf?.(trail.reference) ?? null} />
                <SlipWords slip={slipOf?.(trail.reference) ?? null} />
              </span>
            </a>
          </li>
        ))}
      </ul>
    </>
  )
}

export interface TrailListProps {
  readonly trails: readonly TrailSummary[]
  /** What they have in common is left out, and what tells them apart marked. @default each has all of its facts */
  readonly distinction?: Distinction | undefined
  /** By which slip a reference is another than the one that was typed. @default by none */
  readonly slipOf?: ((reference: string) => CodeSlip | null) | undefined
  /** The one that gets focus when the list appears. @default none */
  readonly focused?: string | undefined
  readonly onOpen: (reference: string) => void
}

function focus(link: HTMLElement | null): void {
  link?.focus()
}

/** Who has to do something, or has done it. */
function Turn({ trail: { handling, waitsFor } }: { readonly trail: TrailSummary }) {
  const { find } = useTexts()
  const isDone = handling?.state === 'done' && !handling.isOutdated
  return (
    <>
      {waitsFor === 'person' && !isDone && <span className="badge trail-turn">{find.waitsForPerson}</span>}
      {handling && <span className="badge trail-turn">{find.handling[handling.state](handling.by)}</span>}
    </>
  )
}

function AllValues({ trail: { facts, noted } }: { readonly trail: TrailSummary }) {
  return (
    <>
      {Object.entries(facts).map(([name, value]) => (
        <span key={name} className="badge">
          {name} {value}
        </span>
      ))}
      {noted.map(({ kind, value }) => (
        <span key={`${kind} ${value}`} className="badge">
          {kind} {value}
        </span>
      ))}
    </>
  )
}

function OwnTraits({ traits: { values, services } }: { readonly traits: ReturnType<Distinction['ownOf']> }) {
  const { find } = useTexts()
  return (
    <>
      {values.map(([name, value]) => (
        <mark key={name} className="badge">
          {name} {value}
        </mark>
      ))}
      {services.map((service) => (
        <mark key={service} className="badge">
          {find.withService(service)}
        </mark>
      ))}
    </>
  )
}

function SlipWords({ slip }: { readonly slip: CodeSlip | null }) {
  const { find } = useTexts()
  return slip && <span className="trail-slip">{wordsOf(slip, find.slips)}</span>
}

function wordsOf({ kind, at, code, typed }: CodeSlip, slips: DeskTexts['find']['slips']): string {
  switch (kind) {
    case 'symbol':
    case 'swap':
      return slips[kind](at + 1, code, typed)
    case 'missing':
      return slips.missing(at + 1, code)
    case 'extra':
      return slips.extra(at, typed)
    default:
      return kind satisfies never
  }
}
