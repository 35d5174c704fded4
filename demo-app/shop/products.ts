export interface Product {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly priceCents: number
  /** Which drawing the shop's page shows. */
  readonly image: string
}

export const PRODUCTS: readonly Product[] = [
  product('notebook', 'Field notebook', '96 dotted pages, stitched, fits a coat pocket.', 1400),
  product('fountain-pen', 'Fountain pen', 'Fine steel nib, brass body, takes any ink.', 4800),
  product('ink', 'Blue-black ink', '50 ml, dry in four seconds, does not fade.', 1800),
  product('pencils', 'Cedar pencils', 'Six, HB to 2B, unpainted.', 900),
  product('letter-set', 'Letter set', '20 sheets and 20 envelopes, cotton paper.', 2200),
  product('desk-pad', 'Desk pad', '60 tear-off weeks, no dates to run out.', 1600),
  product('sketchbook', 'Sketchbook', '160 g paper, lies flat, takes a wash.', 2600),
  product('tape', 'Paper tape', 'Kraft, gummed, tears by hand.', 700),
]

function product(id: string, name: string, description: string, priceCents: number): Product {
  return { id, name, description, priceCents, image: id }
}
