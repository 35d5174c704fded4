import type { Reference } from '@waybill/reference'
import type { Entry } from '../actions/Entry.ts'
import { property } from './property.ts'
import type { SessionStore } from '../session/SessionStore.ts'

/**
 * Remembers whose a response or an error is, and finds it again in whatever wraps them: ky's `HTTPError` (`response`, `request`),
 * axios errors and responses (`response`, `request`), anything with a `cause`. Exact or nothing: what served two actions,
 * such as a request or an abort reason, is nobody's.
 */
export function createOwnership({ entries }: Pick<SessionStore, 'entries'>): Ownership {
  const owners = new WeakMap<object, Entry | null>()
  const blamed = new WeakMap<object, Entry>()

  function own(subject: unknown, entry: Entry): void {
    if (Object(subject) !== subject) return
    const before = owners.get(subject as object)
    owners.set(subject as object, before === undefined || before === entry ? entry : null)
  }

  function referenceOf(subject: unknown): Reference | undefined {
    const seen = new Set([subject])
    for (const each of seen) {
      // Of what is no object, too: nothing.
      const owner = owners.get(each as object)
      if (owner !== undefined) return owner?.reference
      if (seen.size < WIDEST) for (const link of LINKS) seen.add(property(each, link))
    }
    return undefined
  }

  return {
    own,

    blame(error, entry) {
      if (Object(error) !== error) return
      const before = blamed.get(error as object)
      const isOlder = before && entries().indexOf(before) < entries().indexOf(entry)
      if (before ? isOlder : !referenceOf(error)) own(error, entry)
      blamed.set(error as object, entry)
    },

    ownerOf: (subject) => owners.get(subject) ?? undefined,

    referenceOf,
  }
}

export interface Ownership {
  own(subject: unknown, entry: Entry): void
  /**
   * The action failed with it. A call's error stays the call's, and one that came from an action within stays that one's; one
   * that an earlier action failed with, too, is nobody's.
   */
  blame(error: unknown, entry: Entry): void
  /** Of this very object. */
  ownerOf(subject: object): Entry | undefined
  /** Of what it wraps, too. */
  referenceOf(subject: unknown): Reference | undefined
}

/** In this order: a response is one call's, a request may have been sent again. */
const LINKS = ['response', 'cause', 'request'] as const

/** Objects looked at; real chains hold three or four. */
const WIDEST = 32
