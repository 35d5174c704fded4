import { useCallback, useEffect, useState } from 'react'
import type { CustomerTrails } from '../../lookup/Match.ts'
import type { CustomerPageOptions, DeskClient, LookUpResult } from '../createDeskClient.ts'
import { useAsking } from '../useAsking.ts'
import type { AskingStatus } from '../useAsking.ts'
import { useWhenOnline } from '../useWhenOnline.ts'

/**
 * A customer's trails as far as they were asked for. Begins with what `memory` holds of an earlier visit, and leaves there
 * what it has, so that Back finds the list as long as it was.
 */
export function useTrailPages(options: TrailPagesOptions): TrailPagesState {
  const { client, customer, said, memory, onSignedOut } = options
  const kept = memory.pages
  const key = `${said} ${customer}`
  const [pages, setPages] = useState<PagesSoFar>(() => kept.get(key) ?? NONE)
  const { status, ask, wait, leave } = useAsking({ begins: kept.has(key) ? 'idle' : 'busy', onSignedOut })
  const load = useCallback(
    () =>
      ask(pagesAfter(kept.get(key) ?? NONE, { client, customer, said }), (answer) => {
        kept.set(key, answer)
        setPages(answer)
      }),
    [ask, client, customer, said, kept, key],
  )
  useEffect(() => {
    if (!kept.has(key)) void load()
    return leave
  }, [kept, key, load, leave])
  const more = useCallback((): Promise<void> => {
    wait()
    return load()
  }, [wait, load])
  useWhenOnline(status === 'offline', more)
  return { ...pages, status, more }
}

export interface TrailPagesOptions extends PageSource {
  readonly memory: ListMemory
  readonly onSignedOut: () => void
}

interface PageSource {
  readonly client: Pick<DeskClient, 'customerTrails'>
  /** As the address names them. */
  readonly customer: string
  readonly said: CustomerPageOptions['said']
}

/** What stays of lists while a trail is looked at: their pages, and which entry was opened, by customer. */
export interface ListMemory {
  readonly pages: Map<string, PagesSoFar>
  readonly opened: Map<string, string>
}

/** All pages so far as one. */
interface PagesSoFar extends CustomerTrails {
  /** Whether there was an answer yet. */
  readonly isBegun: boolean
}

export interface TrailPagesState extends PagesSoFar {
  readonly status: AskingStatus
  readonly more: () => Promise<void>
}

const NONE: PagesSoFar = { trails: [], next: null, claims: 0, keepDays: 0, unseen: [], isBegun: false }
const MOST_EMPTY_PAGES = 5

/** With one page more; with several, where some hold nothing but reads, which are left out. */
async function pagesAfter(before: PagesSoFar, options: PageSource): Promise<LookUpResult<PagesSoFar>> {
  const { client, customer, said } = options
  let all = before
  for (let asked = 0; asked < MOST_EMPTY_PAGES; asked++) {
    const result = await client.customerTrails(customer, { said, after: all.next })
    if (!result.ok) return result
    const known = new Set(all.trails.map(({ reference }) => reference))
    const fresh = result.answer.trails.filter(({ reference }) => !known.has(reference))
    all = { ...result.answer, trails: [...all.trails, ...fresh], isBegun: true }
    if (fresh.length > 0 || all.next === null) break
  }
  return { ok: true, answer: all }
}
