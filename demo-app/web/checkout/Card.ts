/** A payment card as typed. It goes into the call and nowhere else. */
export interface Card {
  readonly number: string
  readonly expiry: string
  readonly cvc: string
}

export type CardProblems = Partial<Record<keyof Card, string>>

/** The card networks' published test numbers: they belong to nobody, and no bank knows them. */
export const TEST_CARDS = [
  { label: 'Card that is accepted', number: '4242 4242 4242 4242' },
  { label: 'Card that is declined', number: '4000 0000 0000 0002' },
] as const

/** The test card a customer of the demonstration starts with. */
export function sampleCard(): Card {
  const year = (new Date().getFullYear() + 3) % 100
  return { number: TEST_CARDS[0].number, expiry: `12/${String(year).padStart(2, '0')}`, cvc: '123' }
}

/** What has to be mended before a card is worth sending, one sentence per field. */
export function cardProblems({ number, expiry, cvc }: Card): CardProblems {
  return {
    ...(/^[\d\s-]{12,27}$/.test(number.trim()) ? {} : { number: 'Enter the number on the front of the card.' }),
    ...(/^(0?[1-9]|1[0-2])\s*\/\s*\d{2}$/.test(expiry.trim())
      ? {}
      : { expiry: 'Enter month and year, such as 12/29.' }),
    ...(/^\d{3,4}$/.test(cvc.trim()) ? {} : { cvc: 'Enter the three or four digits on the back.' }),
  }
}
