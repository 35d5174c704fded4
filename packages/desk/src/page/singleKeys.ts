import { createContext, useContext, useEffect, useState } from 'react'
import { readStored, writeStored } from './deviceStorage.ts'

/**
 * Whether keys pressed on their own are shortcuts. Whoever speaks to the computer, or rests a hand on it, can turn them off
 * (WCAG 2.1.4); the browser remembers it for all tabs.
 */
export function useSingleKeysSetting(): SingleKeysSetting {
  const [areOn, setOn] = useState(storedSetting)
  useEffect(() => {
    const onStorage = (): void => setOn(storedSetting())
    addEventListener('storage', onStorage)
    return () => removeEventListener('storage', onStorage)
  }, [])
  const turn = (on: boolean): void => {
    setOn(on)
    writeStored(NAME, on ? 'on' : 'off')
  }
  return { areOn, turn }
}

export interface SingleKeysSetting {
  readonly areOn: boolean
  readonly turn: (on: boolean) => void
}

/** Carries the setting to wherever a key is listened for or shown. */
export const SingleKeys = createContext(true)

export function useSingleKeys(): boolean {
  return useContext(SingleKeys)
}

const NAME = 'waybill-desk.single-keys'

function storedSetting(): boolean {
  return readStored(NAME) !== 'off'
}
