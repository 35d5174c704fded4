import { cleanText } from '@waybill/trail'
import { jsonIn } from '../jsonIn.ts'
import type { Handling } from '../lookup/Match.ts'

/** What somebody says of a trail's handling in a request's body. Texts become one line; `who` gives the name where none was typed. */
export function readHandling(text: string, { who }: ReadHandlingOptions): HandlingRead {
  const body = jsonIn(text)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return { ok: false, reason: 'form' }
  const { state, by, note, after } = body as Readonly<Record<string, unknown>>
  if (state !== 'taken' && state !== 'done' && state !== 'open') return { ok: false, reason: 'state' }
  // Left out it would not be known what the caller saw.
  if (after !== null && (typeof after !== 'string' || !/^[\da-f]{16}$/.test(after)))
    return { ok: false, reason: 'after' }
  const name = isAbsent(by) ? firstOf(cleanText(who), LONGEST_NAME) : textOf(by, LONGEST_NAME)
  if (!name) return { ok: false, reason: 'by' }
  const words = isAbsent(note) ? '' : textOf(note, LONGEST_NOTE)
  if (words === undefined) return { ok: false, reason: 'note' }
  return { ok: true, said: { state, by: name, who: firstOf(cleanText(who), LONGEST_WHO), note: words || null }, after }
}

export type HandlingRead =
  | { readonly ok: true; readonly said: Pick<Handling, 'state' | 'by' | 'who' | 'note'>; readonly after: string | null }
  /** What is wrong: the field of that name, or the `form` of the whole. */
  | { readonly ok: false; readonly reason: 'form' | 'state' | 'by' | 'note' | 'after' }

export interface ReadHandlingOptions {
  /** Who is signed in. */
  readonly who: string
}

const LONGEST_NAME = 80
const LONGEST_NOTE = 500
const LONGEST_WHO = 200

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null
}

/** Cleaned; undefined where it is no text or too long. */
function textOf(value: unknown, longest: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = cleanText(value)
  return [...text].length <= longest ? text : undefined
}

function firstOf(text: string, longest: number): string {
  return [...text].slice(0, longest).join('').trim()
}
