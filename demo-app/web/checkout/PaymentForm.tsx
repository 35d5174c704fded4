import { useTryAgain } from '@waybill/react'
import { useMutationReference } from '@waybill/react-query'
import { useRef, useState, type SubmitEvent } from 'react'
import type { CartLine } from '../cart/useCart.ts'
import { formatMoney } from '../layout/formatMoney.ts'
import { FormProblem } from '../layout/FormProblem.tsx'
import { SubmitButton } from '../layout/SubmitButton.tsx'
import { cardProblems, sampleCard, type CardProblems } from './Card.ts'
import { CardFields } from './CardFields.tsx'
import { PaymentResult } from './PaymentResult.tsx'
import { usePay } from './usePay.ts'

/** The card and the button that pays. What was typed stays, whatever comes of it. */
export function PaymentForm({ lines, totalCents }: { lines: readonly CartLine[]; totalCents: number }) {
  const form = useRef<HTMLFormElement>(null)
  const cardNumber = useRef<HTMLInputElement>(null)
  const [card, setCard] = useState(sampleCard)
  const [refusal, setRefusal] = useState<{ problems: CardProblems; at: number }>()
  const pay = usePay()
  const reference = useMutationReference(pay)
  // After a failure the form's own button means the same as "Try again".
  const tryAgain = useTryAgain(pay.isError ? reference : undefined)

  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (pay.isPending) return
    const problems = cardProblems(card)
    setRefusal(Object.keys(problems).length > 0 ? { problems, at: event.timeStamp } : undefined)
    if (Object.keys(problems).length > 0) return
    const items = lines.map(({ product, quantity }) => ({ productId: product.id, quantity }))
    tryAgain(() => pay.mutate({ items, card: { ...card, number: card.number.replace(/\D/g, '') } }))
  }

  return (
    <form ref={form} className="form" noValidate onSubmit={submit} data-waybill-action="Pay for order">
      {refusal && <FormProblem key={refusal.at}>The card is not complete.</FormProblem>}
      <CardFields numberRef={cardNumber} card={card} problems={refusal?.problems ?? {}} onChange={setCard} />
      <SubmitButton busy={pay.isPending} look={pay.isError ? 'plain' : 'primary'}>
        Pay {formatMoney(totalCents)}
      </SubmitButton>
      <PaymentResult
        pay={pay}
        onRetry={() => form.current?.requestSubmit()}
        onOtherCard={() => {
          cardNumber.current?.focus()
          cardNumber.current?.select()
        }}
      />
    </form>
  )
}
