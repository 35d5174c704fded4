import { ATTRIBUTES } from '@waybill/trail'
import type { Facts } from '@waybill/trail'
import { asThrown } from '../step/errorType.ts'
import { stepOf } from '../step/openStep.ts'
import type { OpenStep } from '../step/openStep.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'

/**
 * Does `work` for each item as a step of the run in force, so that its trail names those that failed. An item that belongs to a
 * customer is done under that customer's reference, by a step there, and the two steps link to each other. A failed item stops
 * nothing. Resolves with the counts, which the run notes as well, once all items have ended.
 *
 * Of the first 100 items all is told, of the next 900 no parts of what went well, and beyond these only what failed: a desk
 * keeps some 2000 steps of a trail. Every customer's own trail has its step.
 *
 * A batch outside of a step, and a second one in the same step, is a step of its own.
 */
export async function runBatch<Item>(
  waybill: ServerWaybill,
  items: Iterable<Item> | AsyncIterable<Item>,
  options: BatchOptions<Item>,
  work: (item: Item, step: OpenStep) => unknown,
): Promise<BatchCounts> {
  const { name, customerName = name, describe, concurrency = 1, onFailed } = options
  if (!Number.isInteger(concurrency) || concurrency < 1) {
    throw new TypeError(
      '[waybill] A batch does a whole number of items at a time, or none would ever be done. Pass 1 or more.',
    )
  }
  const context = waybill.storage.getStore()
  const run = context && stepOf(context)
  if (!run || withBatch.has(run)) {
    return waybill.run({ hop: 'schedule', name, announce: true }, () => runBatch(waybill, items, options, work))
  }
  withBatch.add(run)
  const counts = { items: 0, done: 0, failed: 0 }

  async function one(item: Item): Promise<void> {
    const { facts, reference } = describe(item)
    const number = ++counts.items
    const claimed = reference ? waybill.accept({ 'Trace-Reference': reference }) : undefined
    const isRefused = claimed?.refused === true
    const step = waybill.begin({
      hop: 'schedule',
      name,
      parent: run?.context,
      facts,
      attributes: { [ATTRIBUTES.claimRefused]: isRefused || undefined },
      tell: number <= MOST_WHOLE ? 'always' : number <= MOST_TOLD ? 'without-parts' : 'if-failed',
    })
    let done = step
    if (claimed && !isRefused && claimed.reference !== run?.context.reference) {
      const links = [{ rel: 'parent', to: step.context }] as const
      done = waybill.begin({ hop: 'schedule', name: customerName, parent: claimed, facts, links })
      step.set({ links: [{ rel: 'child', to: done.context }] })
    }
    // What is said of the one is true of the other, too.
    const { set, effect } = done
    let errorType: string | undefined
    done.set = (details) => {
      set(details)
      errorType = details.errorType ?? errorType
    }
    done.effect = (...declared) => {
      effect(...declared)
      if (done !== step) step.effect(...declared)
    }
    let thrown: { readonly error: unknown } | undefined
    try {
      await waybill.resume(done.context, () => work(item, done))
    } catch (error) {
      thrown = { error }
    }
    if (done !== step) step.set({ errorType })
    for (const each of new Set([done, step])) each.end(thrown && asThrown(thrown.error))
    if (thrown || errorType) counts.failed++
    else counts.done++
    if (thrown) await onFailed?.(thrown.error, item)
  }

  const source = oneByOne(items)
  const workers = Array.from({ length: concurrency }, async () => {
    // Whoever leaves the loop by an error closes the source for the others, too.
    for await (const item of source) await one(item)
  })
  const ends = await Promise.allSettled(workers)
  const [all, done, failed] = [counts.items, counts.done, counts.failed].map((count) => count.toLocaleString('en-GB'))
  const told = counts.items > MOST_TOLD ? '; told one by one are the first 1,000, and all that failed' : ''
  run.note({ items: `${done} of ${all} done, ${failed} failed${told}` })
  run.set({
    attributes: {
      [ATTRIBUTES.itemName]: name,
      [ATTRIBUTES.itemsDone]: counts.done,
      [ATTRIBUTES.itemsFailed]: counts.failed,
    },
  })
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return counts
}

export interface BatchOptions<Item> {
  /** Of an item's step in the run's trail, in few and constant words: `sync the order`. */
  readonly name: string
  /** Of its step in the customer's trail: `nightly sync of the order`. @default name */
  readonly customerName?: string | undefined
  readonly describe: (item: Item) => BatchItem
  /** Items at a time. @default 1 */
  readonly concurrency?: number | undefined
  /**
   * Hears what each failed item threw, in the run's context: the place to log it. What it throws stops the batch: no further item begins,
   * those under way end, and then the batch rejects with it.
   */
  readonly onFailed?: ((error: unknown, item: Item) => void | Promise<void>) | undefined
}

export interface BatchItem {
  /** By which support knows the item, another for each: `{ order: 'A-1001' }`. Without, the desk can only count it. @default none */
  readonly facts?: Facts | undefined
  /** The reference that is stored with it, whose trail it belongs to. What is none leaves the item in the run's trail. @default none */
  readonly reference?: string | null | undefined
}

/** `items` have begun; each of them is `done`, or `failed`. */
export interface BatchCounts {
  readonly items: number
  readonly done: number
  readonly failed: number
}

/** Steps that have a batch. */
const withBatch = new WeakSet<OpenStep>()
const MOST_WHOLE = 100
const MOST_TOLD = 1000

/** What several workers can take from. */
async function* oneByOne<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item, void> {
  yield* items
}
