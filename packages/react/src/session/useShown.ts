'use client'
import { useContext, useEffect } from 'react'
import type { Reference } from '@waybill/reference'
import { WaybillContext } from '../WaybillProvider.tsx'

/** Tells support what the screen says beside a reference, where that is plain text; again on every other `occasion`, such as a further error. */
export function useShown(reference: Reference | undefined, text: unknown, occasion?: unknown): void {
  const { waybill } = useContext(WaybillContext)
  useEffect(() => {
    if (reference && typeof text === 'string') waybill?.shown(reference, text)
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- the same words shown again are of another attempt
  }, [waybill, reference, text, occasion])
}
