'use client'
import { useContext } from 'react'
import type { Labels } from './Labels.ts'
import { WaybillContext } from '../WaybillProvider.tsx'

/** A component's texts: its own over the provider's over its English ones. */
export function useLabels<Name extends keyof Labels>(
  english: Pick<Labels, Name>,
  own: Partial<Labels> | undefined,
): Pick<Labels, Name> {
  const { labels } = useContext(WaybillContext)
  return { ...english, ...labels, ...own }
}
