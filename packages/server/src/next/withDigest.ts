import { parseReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { digestOf } from './answerOf.ts'

/**
 * The error to throw on, whose `digest` is the reference. Of an error on the server a page in production gets nothing but that: by default
 * a hash of the error, the same for all whom it meets, but what has a digest already keeps it. So a digest of the application's own stays,
 * as do those by which Next.js knows its redirects.
 */
export function withDigest(thrown: unknown, reference: Reference, { told = false }: DigestOptions = {}): unknown {
  const digest = digestOf(thrown)
  const isOwn = digest !== '' && !/^\d+$/.test(digest) && !parseReference(digest).ok
  if (isOwn || digest === reference || Object(thrown) !== thrown) return thrown
  // One error may be many customers', as that of a promise which several requests await: another one's digest stays as it is.
  const error =
    digest === '' && Object.isExtensible(thrown) ? (thrown as object) : (Object.create(thrown as object) as object)
  return Object.defineProperties(error, {
    digest: { value: reference, enumerable: true, configurable: true, writable: true },
    [TOLD]: { value: told, configurable: true },
  })
}

interface DigestOptions {
  /** Whether a step of the trail tells of the error already. @default false */
  readonly told?: boolean | undefined
}

/** Whether `withDigest` was told so. */
export function isTold(error: unknown): boolean {
  return Object(error)[TOLD] === true
}

/** By name, for Next.js puts this file into several bundles. */
const TOLD = Symbol.for('waybill.told')
