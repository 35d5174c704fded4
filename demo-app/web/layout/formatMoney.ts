const euros = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })

/** Cents as a price: `€16.00`. */
export function formatMoney(cents: number): string {
  return euros.format(cents / 100)
}
