import { useCallback, useEffect, useRef, useState } from 'react'
import type { LookUpAnswer } from '../lookup/Match.ts'
import { LONGEST_TEXT } from './createDeskClient.ts'
import type { DeskClient, LookUpFailure } from './createDeskClient.ts'
import { customerAddress } from './customerAddress.ts'
import type { ListMemory } from './useTrailPages.ts'

/**
 * What the page shows and how it gets there. The address names a reference or a customer by the beginning of their hash, and
 * nothing else: what was typed may be somebody's, so it rests in the history's state, where Back finds it and no log does.
 */
export function useDesk(client: DeskClient): Desk {
  const [access, setAccess] = useState<Access>('checking')
  const [search, setSearch] = useState<Search>(() => searchFor(placeNow()))
  const newest = useRef(0)
  const [memory] = useState((): ListMemory => ({ pages: new Map(), opened: new Map() }))
  const forget = useCallback(() => {
    memory.pages.clear()
    memory.opened.clear()
  }, [memory])

  const run = useCallback(
    async ({ again }: RunOptions = {}): Promise<void> => {
      const turn = ++newest.current
      const place = placeNow()
      const { text } = place
      if (again === undefined) setSearch(searchFor(place))
      if (text === '' || place.customer !== null) return
      const result = await client.lookUp(again ?? text)
      // An answer that a later search has overtaken is nobody's answer.
      if (turn !== newest.current) return
      if (result.ok) {
        const { matches, person } = result.answer
        if (person !== null && matches.length > 1) {
          forget()
          history.replaceState({ text }, '', customerAddress(person))
          setSearch(searchFor(placeNow()))
          return
        }
        setSearch({ state: 'answered', text, answer: result.answer })
        const [match, ...others] = matches
        if (match && others.length === 0) history.replaceState({ text }, '', `/trail/${match.reference}`)
        return
      }
      const { reason } = result
      if (reason === 'signed-out') setAccess('signed-out')
      else if (again === undefined) setSearch({ state: 'failed', text, reason })
    },
    [client, forget],
  )

  const begin = useCallback(
    () =>
      client.isSignedIn().then((signedIn) => {
        setAccess(signedIn === 'offline' ? 'offline' : signedIn ? 'signed-in' : 'signed-out')
        return signedIn === true ? run() : undefined
      }),
    [client, run],
  )

  useEffect(() => {
    void begin()
    const onBack = (): void => void run()
    addEventListener('popstate', onBack)
    return () => removeEventListener('popstate', onBack)
  }, [begin, run])

  const look = useCallback(
    (typed: string): void => {
      // What is too long to be asked for is too long for the history as well.
      const text = typed.trim().slice(0, LONGEST_TEXT + 1)
      const { text: before, customer, isMap } = placeNow()
      if (text !== before || customer !== null || isMap) history.pushState({ text }, '', '/')
      void run()
    },
    [run],
  )

  const lookAtCustomer = useCallback(
    (person: string): void => {
      forget()
      history.pushState({ text: '' }, '', customerAddress(person))
      void run()
    },
    [run, forget],
  )

  const lookAtMap = useCallback((): void => {
    if (!placeNow().isMap) history.pushState({ text: '' }, '', '/map')
    void run()
  }, [run])

  const signIn = useCallback(
    async (token: string) => {
      const result = await client.signIn(token)
      if (result === 'signed-in') {
        setAccess('signed-in')
        void run()
      }
      return result
    },
    [client, run],
  )

  const signOut = useCallback(async (): Promise<void> => {
    await client.signOut()
    newest.current++
    forget()
    history.pushState({ text: '' }, '', '/')
    setSearch(searchFor(placeNow()))
    setAccess('signed-out')
  }, [client, forget])

  const askToSignIn = useCallback(() => setAccess('signed-out'), [])
  const refresh = useCallback((reference: string) => run({ again: reference }), [run])
  const retry = useCallback(() => (access === 'offline' ? begin() : run()), [access, begin, run])
  return { access, search, memory, look, lookAtCustomer, lookAtMap, signIn, signOut, askToSignIn, refresh, retry }
}

export interface Desk {
  readonly access: Access
  readonly search: Search
  readonly memory: ListMemory
  readonly look: (typed: string) => void
  /** Shows all trails of a customer, by the keyed hash of their id. */
  readonly lookAtCustomer: (person: string) => void
  /** Shows the path that requests take. */
  readonly lookAtMap: () => void
  readonly signIn: DeskClient['signIn']
  readonly signOut: () => Promise<void>
  /** The desk said that nobody is signed in any more. */
  readonly askToSignIn: () => void
  /** Asks again for the trail that is shown, which stays until the answer is there. */
  readonly refresh: (reference: string) => Promise<void>
  readonly retry: () => Promise<void>
}

interface RunOptions {
  /** The trail to ask for once more, quietly. @default what the address says, from the start */
  readonly again?: string
}

type Access = 'checking' | 'signed-in' | 'signed-out' | 'offline'

export type Search =
  | { readonly state: 'idle'; readonly text: '' }
  | { readonly state: 'looking'; readonly text: string }
  | { readonly state: 'answered'; readonly text: string; readonly answer: LookUpAnswer }
  | { readonly state: 'map'; readonly text: '' }
  | { readonly state: 'customer'; readonly text: string; readonly customer: string }
  | { readonly state: 'failed'; readonly text: string; readonly reason: Exclude<LookUpFailure, 'signed-out'> }

function searchFor({ text, customer, isMap }: Place): Search {
  if (isMap) return { state: 'map', text: '' }
  if (customer !== null) return { state: 'customer', text, customer }
  return text === '' ? { state: 'idle', text: '' } : { state: 'looking', text }
}

interface Place {
  readonly text: string
  /** The beginning of the hash that the address names. */
  readonly customer: string | null
  readonly isMap: boolean
}

/** What the address, and the history's state behind it, say is looked for. */
function placeNow(): Place {
  const [, kind, rest = ''] = /^\/(trail|customer)\/(.+)$/s.exec(location.pathname) ?? []
  const stored: unknown = Object(history.state).text
  const text = typeof stored === 'string' ? stored : kind === 'trail' ? decoded(rest) : ''
  const isMap = location.pathname === '/map'
  return { text: isMap ? '' : text, customer: kind === 'customer' ? decoded(rest) : null, isMap }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
