'use client'
import { useContext, useEffect, useMemo, useRef } from 'react'
import { handoverOf, keepAttached } from '@waybill/browser/support'
import type { Handover, HandoverResult, SupportChannel, SupportLabels } from '@waybill/browser/support'
import type { Reference } from '@waybill/reference'
import type { Labels } from '../labels/Labels.ts'
import { useSession } from '../session/useSession.ts'
import { WaybillContext } from '../WaybillProvider.tsx'
import { ContactContext } from './ContactContext.ts'

/**
 * Attaches `reference` to a channel while it is shown, so that it is there however support is opened, and opens support with it.
 * Once opened it stays attached until its action is done or the session ends, also when what showed it is gone.
 */
export function useHandover(channel: SupportChannel, reference: Reference | undefined, texts: HandoverTexts): Handing {
  const { waybill } = useContext(WaybillContext)
  const setAttached = useContext(ContactContext)?.setAttached
  const actions = useSession()
  const isOpened = useRef(false)
  const { locale, reference: word, unnamedActivity, open, succeeded, failed, abandoned } = texts
  const labels: Partial<SupportLabels> = useMemo(
    () => ({ locale, reference: word, unnamedActivity, states: { open, succeeded, failed, abandoned } }),
    [locale, word, unnamedActivity, open, succeeded, failed, abandoned],
  )
  // What the session said as this was rendered, which on a server and over its HTML is nothing.
  const handover = useMemo(
    () =>
      waybill &&
      reference &&
      handoverOf(
        { prefix: waybill.prefix, session: { ...waybill.session, actions: () => actions } },
        reference,
        labels,
      ),
    [waybill, reference, actions, labels],
  )
  const address = addressOf(channel, handover)
  const isLink = address !== undefined

  useEffect(() => {
    if (!waybill || !reference) return undefined
    if (isLink) {
      setAttached?.(true)
      return () => setAttached?.(false)
    }
    isOpened.current = false
    const stop = keepAttached(waybill, { channel, reference, labels, onAttach: ({ ok }) => setAttached?.(ok) })
    return () => {
      setAttached?.(false)
      if (!isOpened.current) stop()
    }
  }, [waybill, channel, reference, labels, isLink, setAttached])

  return {
    handover,
    address,
    open: async () => {
      isOpened.current = true
      try {
        return await channel.open(handover)
      } catch {
        // A channel of the application's own.
        return { ok: false, reason: 'refused' }
      }
    },
  }
}

export type HandoverTexts = Pick<
  Labels,
  'locale' | 'reference' | 'unnamedActivity' | 'open' | 'succeeded' | 'failed' | 'abandoned'
>

interface Handing {
  readonly handover: Handover | undefined
  /** Where the channel is a link. */
  readonly address: string | undefined
  /** Never rejects. */
  readonly open: () => Promise<HandoverResult>
}

/** A channel of the application's own may throw, and this is an error screen. None where it cannot be made: no link leads nowhere. */
function addressOf(channel: SupportChannel, handover: Handover | undefined): string | undefined {
  try {
    return channel.address?.(handover) || undefined
  } catch {
    return undefined
  }
}
