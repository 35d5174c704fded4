import { useTexts } from '../../texts/useTexts.ts'
import { momentText } from '../../momentText.ts'
import type { Zones } from './zonesFor.ts'

/** Whose times the rows show, where the customer's clock on the wall says something else; and the way to turn to theirs. */
export function TimesNote({ zones: { own, customer }, startedAt, shown, onTurn }: TimesNoteProps) {
  const texts = useTexts().timeline
  if (customer === null) return null
  return (
    <p className="times-note">
      {texts.zones({ own, customer, customerTime: momentText(startedAt, { zone: customer }) })}{' '}
      <button
        type="button"
        className="link"
        aria-pressed={shown === 'customer'}
        onClick={() => onTurn(shown === 'customer' ? 'own' : 'customer')}
      >
        {texts.customerTimes}
      </button>
    </p>
  )
}

export interface TimesNoteProps {
  readonly zones: Zones
  readonly startedAt: string
  readonly shown: keyof Zones
  readonly onTurn: (to: keyof Zones) => void
}
