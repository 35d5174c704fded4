import { useCallback, useEffect, useRef, useState } from 'react'
import type { LookUpAnswer } from '../lookup/Match.ts'
import type { DeskClient, LookUpFailure } from './createDeskClient.ts'

/**
 * What the page shows and how it gets there. The address names a reference and nothing else: what was typed may be
 * somebody's, so it rests in the history's state, where Back finds it and no log does.
 */
export function useDesk(client: DeskClient): Desk {
  const [access, setAccess] = useState<Access>('checking')
  const [search, setSearch] = useState<Search>(() => searchFor(textOfPlace()))
  const newest = useRef(0)

  const run = useCallback(
    async (text: string, { quietly = false } = {}): Promise<void> => {
      const turn = ++newest.current
      if (!quietly) setSearch(searchFor(text))
      if (text === '') return
      const result = await client.lookUp(text)
      // An answer that a later search has overtaken is nobody's answer.
      if (turn !== newest.current) return
      if (result.ok) {
        setSearch({ state: 'answered', text, answer: result.answer })
        const [match, ...others] = result.answer.matches
        if (match && others.length === 0) history.replaceState({ text }, '', `/trail/${match.reference}`)
        return
      }
      const { reason } = result
      if (reason === 'signed-out') setAccess('signed-out')
      else if (!quietly) setSearch({ state: 'failed', text, reason })
    },
    [client],
  )

  const begin = useCallback(
    () =>
      client.isSignedIn().then((signedIn) => {
        setAccess(signedIn === 'offline' ? 'offline' : signedIn ? 'signed-in' : 'signed-out')
        return signedIn === true ? run(textOfPlace()) : undefined
      }),
    [client, run],
  )

  useEffect(() => {
    void begin()
    const onBack = (): void => void run(textOfPlace())
    addEventListener('popstate', onBack)
    return () => removeEventListener('popstate', onBack)
  }, [begin, run])

  const look = useCallback(
    (typed: string): void => {
      const text = typed.trim()
      if (text !== textOfPlace()) history.pushState({ text }, '', '/')
      void run(text)
    },
    [run],
  )

  const signIn = useCallback(
    async (token: string) => {
      const result = await client.signIn(token)
      if (result === 'signed-in') {
        setAccess('signed-in')
        void run(textOfPlace())
      }
      return result
    },
    [client, run],
  )

  const signOut = useCallback(async (): Promise<void> => {
    await client.signOut()
    newest.current++
    history.pushState({ text: '' }, '', '/')
    setSearch(searchFor(''))
    setAccess('signed-out')
  }, [client])

  const refresh = useCallback(() => run(textOfPlace(), { quietly: true }), [run])
  const retry = useCallback(() => (access === 'offline' ? begin() : run(textOfPlace())), [access, begin, run])
  return { access, search, look, signIn, signOut, refresh, retry }
}

export interface Desk {
  readonly access: Access
  readonly search: Search
  readonly look: (typed: string) => void
  readonly signIn: DeskClient['signIn']
  readonly signOut: () => Promise<void>
  /** Asks again and leaves what is shown until the answer is there. */
  readonly refresh: () => Promise<void>
  readonly retry: () => Promise<void>
}

type Access = 'checking' | 'signed-in' | 'signed-out' | 'offline'

export type Search =
  | { readonly state: 'idle'; readonly text: '' }
  | { readonly state: 'looking'; readonly text: string }
  | { readonly state: 'answered'; readonly text: string; readonly answer: LookUpAnswer }
  | { readonly state: 'failed'; readonly text: string; readonly reason: Exclude<LookUpFailure, 'signed-out'> }

function searchFor(text: string): Search {
  return text === '' ? { state: 'idle', text: '' } : { state: 'looking', text }
}

/** What the address, or the history's state behind it, says is looked for. */
function textOfPlace(): string {
  const text: unknown = Object(history.state).text
  if (typeof text === 'string') return text
  const path = /^\/trail\/(.+)$/s.exec(location.pathname)?.[1] ?? ''
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
