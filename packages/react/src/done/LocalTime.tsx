'use client'
import { useSyncExternalStore } from 'react'
import type { JSX } from 'react'

/**
 * A date and time with its zone. A server does not know the reader's zone, so its HTML says UTC, and so does the first render
 * over that HTML; only then can the page show local time without React finding a difference.
 */
export function LocalTime({ at, locale, length = 'long' }: LocalTimeProps): JSX.Element {
  const timeZone = useSyncExternalStore(
    subscribeToNothing,
    () => undefined,
    () => 'UTC',
  )
  const options = { ...PARTS[length], hour: '2-digit', minute: '2-digit', timeZoneName: 'short', timeZone } as const
  return <time dateTime={Number.isNaN(at.getTime()) ? undefined : at.toISOString()}>{print(at, locale, options)}</time>
}

interface LocalTimeProps {
  readonly at: Date
  readonly locale: string
  /** `short` for recent times: without a year. @default 'long' */
  readonly length?: 'long' | 'short' | undefined
}

const subscribeToNothing = () => () => undefined

/** Never throws: a receipt with a broken date is still a receipt. */
function print(at: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  try {
    return new Intl.DateTimeFormat(locale, options).format(at)
  } catch {
    return ''
  }
}

const PARTS = {
  long: { day: 'numeric', month: 'long', year: 'numeric' },
  short: { day: 'numeric', month: 'short' },
} as const
