'use client'
import { useSyncExternalStore } from 'react'
import type { JSX } from 'react'

/**
 * A date and time with its zone. A server does not know the reader's zone, so its HTML says UTC, and so does the first render
 * over that HTML; only then can the page show local time without React finding a difference.
 */
export function LocalTime({ at, locale }: { readonly at: Date; readonly locale: string }): JSX.Element {
  const timeZone = useSyncExternalStore(
    subscribeToNothing,
    () => undefined,
    () => 'UTC',
  )
  return <time dateTime={Number.isNaN(at.getTime()) ? undefined : at.toISOString()}>{print(at, locale, timeZone)}</time>
}

const subscribeToNothing = () => () => undefined

/** Never throws: a receipt with a broken date is still a receipt. */
function print(at: Date, locale: string, timeZone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat(locale, { ...PARTS, timeZone }).format(at)
  } catch {
    return ''
  }
}

const PARTS = {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZoneName: 'short',
} as const
