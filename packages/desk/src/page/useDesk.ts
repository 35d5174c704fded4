import { useCallback, useEffect, useRef, useState } from 'react'
import type { LookUpAnswer } from '../lookup/Match.ts'
import { LONGEST_TEXT } from './createDeskClient.ts'
import type { DeskClient, LookUpFailure, Session } from './createDeskClient.ts'
import { customerAddress } from './person/customerAddress.ts'
import type { ListMemory } from './person/useTrailPages.ts'
import type { FailuresMemory } from './start/useFailures.ts'

/**
 * What the page shows and how it gets there. The address names a reference or a customer by the beginning of their hash, and
 * nothing else: what was typed may be somebody's, so it rests in the history's state, where Back finds it and no log does.
 */
export function useDesk(client: DeskClient): Desk {
  const [access, setAccess] = useState<Access>(CHECKING)
  const [search, setSearch] = useState<Search>(() => searchFor(placeNow()))
  const newest = useRef(0)
  const [memory] = useState((): ListMemory => ({ pages: new Map(), opened: new Map() }))
  const [failures] = useState((): FailuresMemory => ({ answers: new Map(), unfolded: new Set() }))
  const forget = useCallback(() => {
    memory.pages.clear()
    memory.opened.clear()
  }, [memory])
  const forgetAll = useCallback(() => {
    forget()
    failures.answers.clear()
    failures.unfolded.clear()
  }, [forget, failures])

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
        // The part of the address behind it may name a step.
        if (match && others.length === 0)
          history.replaceState({ text }, '', `/trail/${match.reference}${location.hash}`)
        return
      }
      const { reason } = result
      if (reason === 'signed-out') setAccess(SIGNED_OUT)
      else if (again === undefined) setSearch({ state: 'failed', text, reason })
    },
    [client, forget],
  )

  const begin = useCallback(
    () =>
      client.session().then((session) => {
        const isSignedIn = typeof session === 'object'
        setAccess(isSignedIn ? { state: 'signed-in', session } : { state: session })
        return isSignedIn ? run() : undefined
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
      const { text: before, customer, view } = placeNow()
      if (text !== before || customer !== null || view !== null) history.pushState({ text }, '', '/')
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

  const lookAt = useCallback(
    (view: View): void => {
      if (placeNow().view !== view) history.pushState({ text: '' }, '', `/${view}`)
      void run()
    },
    [run],
  )

  const signIn = useCallback(
    async (token: string) => {
      const result = await client.signIn(token)
      if (result === 'signed-in') {
        // It may be somebody else than before.
        forgetAll()
        await begin()
      }
      return result
    },
    [client, begin, forgetAll],
  )

  const signOut = useCallback(async (): Promise<void> => {
    // What was asked before is nobody's any more, and after it what was asked meanwhile.
    newest.current++
    await client.signOut()
    newest.current++
    forgetAll()
    history.pushState({ text: '' }, '', '/')
    setSearch(searchFor(placeNow()))
    const session = await client.session()
    // Whom a proxy signs in, the desk cannot sign out.
    setAccess(typeof session === 'object' ? { state: 'signed-in-by-proxy' } : SIGNED_OUT)
  }, [client, forgetAll])

  const askToSignIn = useCallback(() => setAccess(SIGNED_OUT), [])
  const refresh = useCallback((reference: string) => run({ again: reference }), [run])
  const retry = useCallback(() => (access.state === 'signed-in' ? run() : begin()), [access, begin, run])
  return {
    access,
    search,
    memory,
    failures,
    look,
    lookAtCustomer,
    lookAt,
    signIn,
    signOut,
    askToSignIn,
    refresh,
    retry,
  }
}

export interface Desk {
  readonly access: Access
  readonly search: Search
  readonly memory: ListMemory
  /** What stays of the start page. */
  readonly failures: FailuresMemory
  readonly look: (typed: string) => void
  /** Shows all trails of a customer, by the keyed hash of their id. */
  readonly lookAtCustomer: (person: string) => void
  /** Shows a view that nothing is typed for. */
  readonly lookAt: (view: View) => void
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

/** `signed-in-by-proxy`: signing out was asked for, and a proxy before the desk still says who it is. */
type Access =
  | { readonly state: 'checking' | 'signed-out' | 'signed-in-by-proxy' | 'offline' }
  | { readonly state: 'signed-in'; readonly session: Session }

const CHECKING: Access = { state: 'checking' }
const SIGNED_OUT: Access = { state: 'signed-out' }

/** `map` is the path that requests take, `log` the record of who saw what. */
export type View = 'map' | 'log'

export type Search =
  | { readonly state: 'idle'; readonly text: '' }
  | { readonly state: 'looking'; readonly text: string }
  | { readonly state: 'answered'; readonly text: string; readonly answer: LookUpAnswer }
  | { readonly state: View; readonly text: '' }
  | { readonly state: 'customer'; readonly text: string; readonly customer: string }
  | { readonly state: 'failed'; readonly text: string; readonly reason: Exclude<LookUpFailure, 'signed-out'> }

const VIEWS: readonly View[] = ['map', 'log']

function searchFor({ text, customer, view }: Place): Search {
  if (view !== null) return { state: view, text: '' }
  if (customer !== null) return { state: 'customer', text, customer }
  return text === '' ? { state: 'idle', text: '' } : { state: 'looking', text }
}

interface Place {
  readonly text: string
  /** The beginning of the hash that the address names. */
  readonly customer: string | null
  readonly view: View | null
}

/** What the address, and the history's state behind it, say is looked for. */
function placeNow(): Place {
  const [, kind, rest = ''] = /^\/(trail|customer)\/(.+)$/s.exec(location.pathname) ?? []
  const stored: unknown = Object(history.state).text
  const text = typeof stored === 'string' ? stored : kind === 'trail' ? decoded(rest) : ''
  const view = VIEWS.find((each) => location.pathname === `/${each}`) ?? null
  return { text: view === null ? text : '', customer: kind === 'customer' ? decoded(rest) : null, view }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
