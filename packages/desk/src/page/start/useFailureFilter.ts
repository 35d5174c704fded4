import { useEffect, useState } from 'react'
import { filterIn, queryOf } from './failureFilter.ts'
import type { FailureFilter } from './failureFilter.ts'

/** The filter that the address says, now and after Back and Forward. */
export function useFailureFilter(): FailureFilterSetting {
  const [query, setQuery] = useState(() => location.search)
  useEffect(() => {
    const onBack = (): void => setQuery(location.search)
    addEventListener('popstate', onBack)
    return () => removeEventListener('popstate', onBack)
  }, [])
  const filter = filterIn(query)
  const change = (changes: Partial<FailureFilter>): void => {
    const next = queryOf({ ...filter, ...changes })
    if (next !== queryOf(filter)) history.pushState({ text: '' }, '', `/${next}`)
    setQuery(next)
  }
  return { filter, change }
}

export interface FailureFilterSetting {
  readonly filter: FailureFilter
  readonly change: (changes: Partial<FailureFilter>) => void
}
