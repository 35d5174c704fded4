import type { Ref } from 'react'
import { Field } from '../layout/Field.tsx'
import { TEST_CARDS, type Card, type CardProblems } from './Card.ts'

interface CardFieldsProps {
  numberRef: Ref<HTMLInputElement>
  card: Card
  problems: CardProblems
  onChange: (card: Card) => void
}

/** A choice of test cards, and the card itself, which stays as it was typed whatever the bank says. */
export function CardFields({ numberRef, card, problems, onChange }: CardFieldsProps) {
  return (
    <>
      <fieldset className="choices">
        <legend>Test card</legend>
        {TEST_CARDS.map(({ label, number }) => (
          <label key={number}>
            <input
              type="radio"
              name="test-card"
              checked={card.number === number}
              onChange={() => onChange({ ...card, number })}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <Field
        ref={numberRef}
        label="Card number"
        inputMode="numeric"
        autoComplete="off"
        value={card.number}
        problem={problems.number}
        onChange={(number) => onChange({ ...card, number })}
      />
      <div className="field-pair">
        <Field
          label="Expiry"
          placeholder="MM/YY"
          autoComplete="off"
          value={card.expiry}
          problem={problems.expiry}
          onChange={(expiry) => onChange({ ...card, expiry })}
        />
        <Field
          label="CVC"
          inputMode="numeric"
          autoComplete="off"
          value={card.cvc}
          problem={problems.cvc}
          onChange={(cvc) => onChange({ ...card, cvc })}
        />
      </div>
    </>
  )
}
