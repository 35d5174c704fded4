'use client'
import { useEffect, useState } from 'react'
import type { ActionRecord } from '@waybill/browser'
import type { Reference } from '@waybill/reference'
import { useDelivery } from '../session/useDelivery.ts'

/**
 * As `useDelivery`, without what passes in moments: while the page is online each new step is `saved` just before it is
 * `delivered`, and saying so would flicker and be announced.
 */
export function useLastingDelivery(reference: Reference | undefined): ActionRecord['delivery'] | undefined {
  const delivery = useDelivery(reference)
  const [lasting, setLasting] = useState(delivery)
  const isPassing = delivery === 'pending' || delivery === 'saved'
  useEffect(() => {
    const timer = setTimeout(() => setLasting(delivery), isPassing && navigator.onLine ? PASSING_MS : 0)
    return () => clearTimeout(timer)
  }, [delivery, isPassing])
  return isPassing ? lasting : delivery
}

const PASSING_MS = 1000
