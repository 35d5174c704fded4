'use client'
import { createContext, useMemo } from 'react'
import type { JSX, ReactNode } from 'react'
import type { Waybill } from '@waybill/browser'
import type { Reference } from '@waybill/reference'
import type { Labels } from './Labels.ts'

/** Gives the components and hooks below it their `Waybill`, and optionally texts and a way to contact support. */
export function WaybillProvider({ waybill, labels, contact, children }: WaybillProviderProps): JSX.Element {
  const value = useMemo(() => ({ waybill, labels, contact }), [waybill, labels, contact])
  return <WaybillContext.Provider value={value}>{children}</WaybillContext.Provider>
}

export interface WaybillProviderProps {
  readonly waybill: Waybill
  /** Texts for every component below; what is left out stays English. */
  readonly labels?: Partial<Labels> | undefined
  /** Shows "Contact support" on every error notice below. @default none */
  readonly contact?: ContactAddress | undefined
  readonly children?: ReactNode | undefined
}

/**
 * The address that "Contact support" opens: a `mailto:`, or a page. It has to carry the reference it is given, because the
 * notice tells the customer that the reference is attached. Called with nothing when a failure has no reference.
 */
export type ContactAddress = (reference: Reference | undefined) => string

export interface WaybillContextValue {
  readonly waybill?: Waybill | undefined
  readonly labels?: Partial<Labels> | undefined
  readonly contact?: ContactAddress | undefined
}

/** Empty outside a provider: an error screen has to come up there too. */
export const WaybillContext = createContext<WaybillContextValue>({})
