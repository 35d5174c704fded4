'use client'
import { createContext, useMemo } from 'react'
import type { JSX, ReactNode } from 'react'
import type { Waybill } from '@waybill/browser'
import type { SupportChannel } from '@waybill/browser/support'
import type { Labels } from './labels/Labels.ts'

/** Gives the components and hooks below it their `Waybill`, and optionally texts and a way to reach support. */
export function WaybillProvider({ waybill, labels, support, children }: WaybillProviderProps): JSX.Element {
  const value = useMemo(() => ({ waybill, labels, support }), [waybill, labels, support])
  return <WaybillContext.Provider value={value}>{children}</WaybillContext.Provider>
}

export interface WaybillProviderProps {
  readonly waybill: Waybill
  /** Texts for every component below; what is left out stays English. */
  readonly labels?: Partial<Labels> | undefined
  /** How support is reached: shows "Contact support" on every error notice below, with its reference handed over. @default none */
  readonly support?: SupportChannel | undefined
  readonly children?: ReactNode | undefined
}

export interface WaybillContextValue {
  readonly waybill?: Waybill | undefined
  readonly labels?: Partial<Labels> | undefined
  readonly support?: SupportChannel | undefined
}

/** Empty outside a provider: an error screen has to come up there too. */
export const WaybillContext = createContext<WaybillContextValue>({})
