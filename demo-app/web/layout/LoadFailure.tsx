import { ErrorNotice } from '@waybill/react'
import { problemOf } from '../api/problemOf.ts'
import { mayTryAgain } from '../api/mayTryAgain.ts'

interface LoadFailureProps {
  /** What it was, as the beginning of a sentence: "This order". */
  what: string
  error: unknown
  onRetry: () => void
}

/** For what could not be read from the API. Trying again reads it again, unless the API has said no. */
export function LoadFailure({ what, error, onRetry }: LoadFailureProps) {
  return (
    <ErrorNotice
      title={`${what} could not be loaded.`}
      error={error}
      onRetry={mayTryAgain(error, { repeatable: true }) ? onRetry : undefined}
    >
      {problemOf(error)?.title}
    </ErrorNotice>
  )
}
