import type { TraceIdOptions } from '@waybill/reference'
import type { Step } from '@waybill/trail'
import type { Store } from '../store/Store.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import { decodeBody } from './decodeBody.ts'
import { parseBody } from './parseBody.ts'
import type { ParsedBody } from './parseBody.ts'
import { sealStep } from './sealStep.ts'

/** Gives what makes steps of a body's bytes and keeps them; its promise is fulfilled once every step is durable. */
export function createBodyTaker({ store, identity, now }: BodyTakerOptions): TakeBody {
  function seal(steps: readonly Step[], claimed: boolean) {
    const taken = claimed ? steps.slice(0, BROWSER_STEPS) : steps
    const leftOut = new Set<string>()
    const leaveOut = (what: string): void => void leftOut.add(what)
    const sealed = taken
      .map((step) => sealStep(step, { secret: store.secret, claimed, now: now(), leaveOut }))
      .filter((step): step is StoredStep => step !== null)
    const reasons: string[] = []
    if (taken.length < steps.length) reasons.push(`more than ${BROWSER_STEPS} steps in one request`)
    if (sealed.length < taken.length) reasons.push('a time that cannot be true')
    return { sealed, refused: steps.length - sealed.length, reasons, leftOut }
  }

  return async ({ bytes, encoding, claimed }) => {
    const parsed = parseBody(bytes, encoding)
    if (!parsed.ok) return { outcome: 'unreadable', reason: parsed.reason }
    const decoded = await decodeBody(parsed.body, { ...identity, store, claimed })
    const { sealed, refused, reasons, leftOut } = seal(decoded.steps, claimed)
    const appended = sealed.length > 0 ? await store.append(sealed) : ({ ok: true, refused: 0 } as const)
    if (!appended.ok) return { outcome: 'busy' }
    if (appended.refused > 0) reasons.push('a trail that is full')
    return {
      outcome: 'taken',
      kept: sealed.length - appended.refused,
      rejected: decoded.rejected + refused + appended.refused,
      reasons: [...decoded.reasons, ...reasons],
      leftOut: [...decoded.leftOut, ...leftOut],
    }
  }
}

export type TakeBody = (body: BodyToTake) => Promise<BodyTaken>

export interface BodyToTake {
  readonly bytes: Uint8Array
  readonly encoding: 'json' | 'protobuf'
  /** @default 'traces' */
  readonly signal?: 'traces' | 'logs' | undefined
  /** Whether it came with a browser key. */
  readonly claimed: boolean
}

export type BodyTaken =
  | {
      readonly outcome: 'taken'
      /** How many steps are kept, those that were there already among them. */
      readonly kept: number
      /** How many steps are not kept. */
      readonly rejected: number
      /** Why, in words. */
      readonly reasons: readonly string[]
      /** In words, what is not kept of steps that are. */
      readonly leftOut: readonly string[]
    }
  | { readonly outcome: 'unreadable'; readonly reason: Extract<ParsedBody, { ok: false }>['reason'] }
  | { readonly outcome: 'busy' }

export interface BodyTakerOptions {
  readonly store: Pick<Store, 'find' | 'append' | 'secret'>
  readonly identity: TraceIdOptions
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const BROWSER_STEPS = 50
