'use client'
import { useContext } from 'react'
import { ENGLISH } from './Labels.ts'
import type { Labels } from './Labels.ts'
import { WaybillContext } from './WaybillProvider.tsx'

/** All texts: a component's own over the provider's over English. */
export function useLabels(own: Partial<Labels> | undefined): Labels {
  const { labels } = useContext(WaybillContext)
  return { ...ENGLISH, ...labels, ...own }
}
