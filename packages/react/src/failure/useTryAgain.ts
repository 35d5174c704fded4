'use client'
import { useContext } from 'react'
import type { Reference } from '@waybill/reference'
import { WaybillContext } from '../WaybillProvider.tsx'
import { tryAgain } from './tryAgain.ts'

/**
 * What "Try again" of the notices does, for buttons of your own: a function that runs another as the next attempt of the
 * action behind `reference`, under that reference. Give it nothing while nothing has failed; then the function just runs.
 *
 * ```tsx
 * const reference = useMutationReference(payment)
 * const tryAgain = useTryAgain(payment.isError ? reference : undefined)
 * <form onSubmit={() => tryAgain(() => payment.mutate(card))}>
 * ```
 */
export function useTryAgain(reference: Reference | undefined): <T>(fn: () => T) => T {
  const { waybill } = useContext(WaybillContext)
  return (fn) => tryAgain(waybill, reference, fn)
}
