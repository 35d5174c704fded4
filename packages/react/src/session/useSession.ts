'use client'
import { useContext, useSyncExternalStore } from 'react'
import type { ActionRecord } from '@waybill/browser'
import { WaybillContext } from '../WaybillProvider.tsx'

/** The recent actions of this session as the session store orders them, kept up to date. Empty on the server and outside a provider. */
export function useSession(): readonly ActionRecord[] {
  const { waybill } = useContext(WaybillContext)
  return useSyncExternalStore(waybill?.session.subscribe ?? subscribeToNothing, waybill?.session.actions ?? none, none)
}

const NONE: readonly ActionRecord[] = []
const none = (): readonly ActionRecord[] => NONE
const subscribeToNothing = () => () => undefined
