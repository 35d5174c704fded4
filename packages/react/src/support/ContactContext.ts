'use client'
import { createContext } from 'react'
import type { Reference } from '@waybill/reference'

/** The notice or panel that a way to contact support stands in; undefined where it stands by itself. */
export const ContactContext = createContext<ContactPlace | undefined>(undefined)

export interface ContactPlace {
  /** The code that stands there already. */
  readonly reference: Reference | undefined
  /** Is told whether contacting support from here hands that reference over. */
  readonly setAttached: (isAttached: boolean) => void
}
