import { createContext, useContext } from 'react'
import { ENGLISH } from './english.ts'
import type { DeskTexts } from './english.ts'

/** The texts of the page; give others to have it in another language. */
export const TextsContext = createContext<DeskTexts>(ENGLISH)

export function useTexts(): DeskTexts {
  return useContext(TextsContext)
}
