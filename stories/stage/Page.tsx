import { useMemo } from 'react'
import type { JSX, ReactNode } from 'react'
import type { ActionRecord, DeliveryState } from '@waybill/browser'
import { WaybillProvider } from '@waybill/react'
import { ARABIC, ENGLISH, FRENCH, GERMAN, JAPANESE, SPANISH } from '@waybill/react/labels'
import type { Labels } from '@waybill/react/labels'
import { stillWaybill } from './stillWaybill.ts'

/** A page of the shop that every story stands on, as the toolbar has it. */
export function Page({
  theme,
  language,
  delivery,
  prefix,
  actions,
  contact,
  isInDocs,
  children,
}: PageProps): JSX.Element {
  const waybill = useMemo(
    () => stillWaybill({ delivery, prefix: prefix === 'none' ? undefined : prefix, actions }),
    [delivery, prefix, actions],
  )
  const { labels, direction } = LANGUAGES[language]
  return (
    <div
      className="page"
      data-theme={theme}
      data-place={isInDocs ? 'docs' : 'canvas'}
      lang={labels.locale}
      dir={direction}
    >
      <WaybillProvider waybill={waybill} labels={labels} contact={contact}>
        {children}
      </WaybillProvider>
    </div>
  )
}

interface PageProps extends PageGlobals {
  readonly actions?: readonly ActionRecord[] | undefined
  readonly contact?: ReactNode | undefined
  readonly isInDocs: boolean
  readonly children: ReactNode
}

/** What the toolbar sets. */
export interface PageGlobals {
  readonly theme: 'system' | 'light' | 'dark'
  readonly language: keyof typeof LANGUAGES
  readonly delivery: DeliveryState
  /** `none`, or what stands before the code. */
  readonly prefix: string
}

const LANGUAGES = {
  en: { labels: ENGLISH, direction: 'ltr' },
  de: { labels: GERMAN, direction: 'ltr' },
  es: { labels: SPANISH, direction: 'ltr' },
  fr: { labels: FRENCH, direction: 'ltr' },
  ja: { labels: JAPANESE, direction: 'ltr' },
  ar: { labels: ARABIC, direction: 'rtl' },
} satisfies Record<string, { readonly labels: Labels; readonly direction: 'ltr' | 'rtl' }>
