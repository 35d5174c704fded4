'use client'
import { createContext, useMemo } from 'react'
import type { JSX, ReactNode } from 'react'
import type { Waybill } from '@waybill/browser'
import type { Labels } from './labels/Labels.ts'

/** Gives the components and hooks below it their `Waybill`, and optionally texts and the way to support. */
export function WaybillProvider({ waybill, labels, contact, children }: WaybillProviderProps): JSX.Element {
  const value = useMemo(() => ({ waybill, labels, contact }), [waybill, labels, contact])
  return <WaybillContext.Provider value={value}>{children}</WaybillContext.Provider>
}

export interface WaybillProviderProps {
  readonly waybill: Waybill
  /** Texts for every component below; what is left out stays English. */
  readonly labels?: Partial<Labels> | undefined
  /** The way to support on every error notice and panel below, such as `<ContactSupport channel={…} />`. @default none */
  readonly contact?: ReactNode | undefined
  readonly children?: ReactNode | undefined
}

export interface WaybillContextValue {
  readonly waybill?: Waybill | undefined
  readonly labels?: Partial<Labels> | undefined
  readonly contact?: ReactNode | undefined
}

/** Empty outside a provider: an error screen has to come up there too. */
export const WaybillContext = createContext<WaybillContextValue>({})
