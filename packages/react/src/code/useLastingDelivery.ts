'use client'
import { useEffect, useState } from 'react'
import type { ActionRecord } from '@waybill/browser'
import type { Reference } from '@waybill/reference'
import { useDelivery } from '../session/useDelivery.ts'

/**
 * As `useDelivery`, without what passes in moments: while the page is online each new step is `saved` just before it is
 * `delivered`, and saying so would flicker and be announced.
 */
export function useLastingDelivery(
  reference: Reference | undefined,
  isOnline: boolean,
): ActionRecord['delivery'] | undefined {
  const delivery = useDelivery(reference)
  const [lasting, setLasting] = useState<Lasting>({ reference, delivery: undefined })
  const isPassing = delivery === 'pending' || delivery === 'saved'
  const mine = lasting.reference === reference ? lasting.delivery : undefined
  if (!isPassing && mine !== delivery) setLasting({ reference, delivery })
  useEffect(() => {
    if (!isPassing) return undefined
    const timer = setTimeout(setLasting, isOnline ? PASSING_MS : 0, { reference, delivery })
    return () => clearTimeout(timer)
  }, [reference, delivery, isPassing, isOnline])
  return isPassing ? mine : delivery
}

interface Lasting {
  readonly reference: Reference | undefined
  readonly delivery: ActionRecord['delivery'] | undefined
}

/** A burst is told once a second; the answer takes its way, too. */
const PASSING_MS = 2000
