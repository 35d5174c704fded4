import { momentText } from '../../momentText.ts'

/** The reader's zone, and the customer's where the same moment has another time of day there. */
export function zonesFor(customerZone: string | null, iso: string): Zones {
  const own = new Intl.DateTimeFormat('en-GB').resolvedOptions().timeZone
  const as = 'date, milliseconds'
  try {
    const isSame = customerZone === null || momentText(iso, { as, zone: customerZone }) === momentText(iso, { as })
    return { own, customer: isSame ? null : customerZone }
  } catch {
    // A browser reported it, and it may be no zone, or one that this browser does not know.
    return { own, customer: null }
  }
}

export interface Zones {
  readonly own: string
  /** Null where it is the same time there, or not known. */
  readonly customer: string | null
}
