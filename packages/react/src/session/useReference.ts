'use client'
import { useContext } from 'react'
import type { Reference } from '@waybill/reference'
import { WaybillContext } from '../WaybillProvider.tsx'

/** The reference of exactly this error or response; undefined when it belongs to no action. Mints nothing. */
export function useReference(errorOrResponse: unknown): Reference | undefined {
  return useContext(WaybillContext).waybill?.referenceOf(errorOrResponse)
}
