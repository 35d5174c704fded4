import type { TraceIdOptions } from '@waybill/reference'
import type { OtlpSignal, Step } from '@waybill/trail'
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

  return async ({ bytes, encoding, signal, claimed }) => {
    const parsed = parseBody(bytes, { encoding, signal })
    if (!parsed.ok) return { outcome: 'unreadable', reason: parsed.reason }
    const decoded = await decodeBody(parsed.body, { ...identity, store, signal, claimed })
    const { sealed, refused, reasons, leftOut } = seal(decoded.steps, claimed)
    const appended = sealed.length > 0 ? await store.append(sealed) : ({ ok: true, refused: 0 } as const)
    if (!appended.ok) return { outcome: appended.reason }
    // That a trail has lines enough already is nothing that whoever writes them could mend.
    const isFault = signal === 'traces'
    if (isFault && appended.refused > 0) reasons.push('a trail that is full')
    return {
      outcome: 'taken',
      rejected: decoded.rejected + refused + (isFault ? appended.refused : 0),
      passedOver: decoded.passedOver + (isFault ? 0 : appended.refused),
      reasons: [...decoded.reasons, ...reasons],
      leftOut: [...decoded.leftOut, ...leftOut],
    }
  }
}

export type TakeBody = (body: BodyToTake) => Promise<BodyTaken>

export interface BodyToTake {
  /** The taker's own from then on: they may be moved to another thread, and are empty here afterwards. */
  readonly bytes: Uint8Array
  readonly encoding: 'json' | 'protobuf'
  readonly signal: OtlpSignal
  /** Whether it came with a browser key. */
  readonly claimed: boolean
}

export type BodyTaken =
  | {
      readonly outcome: 'taken'
      /** How many steps are not kept. */
      readonly rejected: number
      /** Why, in words. */
      readonly reasons: readonly string[]
      /** Log records that are for no trail, or for one that has enough of them. Their sender is not told: its logs are for other readers. */
      readonly passedOver: number
      /** In words, what is not kept of steps that are. */
      readonly leftOut: readonly string[]
    }
  | { readonly outcome: 'unreadable'; readonly reason: Extract<ParsedBody, { ok: false }>['reason'] }
  | { readonly outcome: 'busy' }
  /** More steps than are ever taken at once. */
  | { readonly outcome: 'too-many' }

export interface BodyTakerOptions {
  readonly store: Pick<Store, 'find' | 'append' | 'secret'>
  readonly identity: TraceIdOptions
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const BROWSER_STEPS = 50
