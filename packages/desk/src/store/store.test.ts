import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { afterEach, describe, expect, test } from 'vitest'
import { stepOf } from '../../fixtures/stepOf.ts'
import { linkKey, normalValue } from './aliasesOf.ts'
import { createSqliteStore } from './sqliteStore.ts'
import type { Store, StoreLimits } from './Store.ts'
import type { StoredStep } from './StoredStep.ts'
import { openDeskStore } from '../writer/openDeskStore.ts'

type OpenOptions = StoreLimits & { readonly now?: () => number }

/** What every store must do. Another implementation is one more row here. */
const STORES: readonly { readonly name: string; readonly openIn: (folder: string, options: OpenOptions) => Store }[] = [
  {
    name: 'SQLite store',
    openIn: (folder, options) => createSqliteStore({ databaseFile: join(folder, 'desk.db'), ...options }),
  },
  {
    name: 'SQLite store written by a thread of its own',
    openIn: (folder, { now = Date.now, ...limits }) =>
      openDeskStore({ databaseFile: join(folder, 'desk.db'), identity: {}, now, onError: rethrow, ...limits }).store,
  },
]

describe.each(STORES)('a $name', ({ openIn }) => {
  const cleanUps: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp()
  })
  const place = () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-store-'))
    cleanUps.push(() => rmSync(folder, { recursive: true }))
    return (options: OpenOptions = {}): Store => {
      const store = openIn(folder, options)
      cleanUps.push(() => store.stop())
      return store
    }
  }

  test('gives back what was appended, in order of arrival', async () => {
    const store = place()()
    const reference = mintReference()
    const steps = [stepOf({ reference, name: 'one' }), stepOf({ reference, name: 'two', facts: { order: 'A-1' } })]
    expect(await store.append(steps)).toEqual({ ok: true, refused: 0 })
    expect(await store.trail(reference)).toEqual(steps)
    expect(await store.trail(mintReference())).toEqual([])
  })

  test('keeps a step once, however often it is sent', async () => {
    const store = place()()
    const step = stepOf()
    await Promise.all([store.append([step, step]), store.append([step])])
    await store.append([step])
    expect(await store.trail(step.reference)).toHaveLength(1)
  })

  test.each([
    { order: 'first', claimed: true, type: 'page_left' },
    { order: 'last', claimed: true, type: 'page_left' },
    { order: 'first', claimed: undefined, type: 'page_left' },
    { order: 'first', claimed: undefined, type: 'aborted' },
  ])(
    'keeps both tellings of a step when the one cut short, $type, comes $order, as a claim: $claimed',
    async ({ order, claimed, type }) => {
      let now = Date.UTC(2026, 0, 1)
      const store = place()({ now: () => now })
      const real = stepOf({ claimed, attributes: { 'http.response.status_code': 200 } })
      const cutShort = {
        ...stepOf(real),
        attributes: undefined,
        status: 'error',
        error: { type },
      } as const
      const told = order === 'first' ? [cutShort, real] : [real, cutShort]
      for (const step of [...told, ...told]) await store.append([step])
      expect(await store.trail(real.reference)).toEqual(JSON.parse(JSON.stringify(told)))
      now += 10 * DAY_MS
      expect(await store.retain({ keepDays: 1, force: true })).toMatchObject({ forgotten: 1 })
      expect(await store.find([real.id], { limit: 1 })).toEqual([])
      expect(await store.findClaims([real.id], { limit: 1 })).toEqual({ found: [], count: 0 })
    },
  )

  test('keeps steps and its secret after it was closed and opened again', async () => {
    const open = place()
    const first = open()
    const step = stepOf()
    await first.append([step])
    await first.stop()
    const second = open()
    expect(await second.trail(step.reference)).toEqual([step])
    expect(Buffer.from(second.secret)).toEqual(Buffer.from(first.secret))
    expect(second.secret.byteLength).toBeGreaterThanOrEqual(32)
  })

  test('writes what is waiting when it is stopped', async () => {
    const open = place()
    const first = open()
    const step = stepOf()
    const appended = first.append([step])
    await first.stop()
    expect(await appended).toEqual({ ok: true, refused: 0 })
    expect(await open().trail(step.reference)).toHaveLength(1)
  })

  test('finds a trail by each of its values, whatever their case', async () => {
    const store = place()()
    const step = stepOf({
      traceId: 'ab'.repeat(16),
      jobId: 'Job-7',
      session: 's-1',
      personHash: 'cd'.repeat(32),
      facts: { order: 'A-1001' },
      attributes: { 'gen_ai.response.id': 'resp-1' },
    })
    await store.append([step])
    const values = [step.id, step.traceId, 'job-7', 's-1', step.personHash!, 'a-1001', 'resp-1']
    const found = await Promise.all(values.map(async (value) => (await store.find([value], { limit: 5 }))[0]))
    expect(found.map((each) => each?.reference)).toEqual(values.map(() => step.reference))
    expect(found.map((each) => each?.kind)).toEqual([
      'span',
      'trace',
      'job',
      'session',
      'person',
      'fact:order',
      'provider',
    ])
    expect(await store.find(['a-100'], { limit: 5 })).toEqual([])
  })

  test('finds the newest trails first, each once, and no more than asked for', async () => {
    const store = place()()
    const steps = Array.from({ length: 5 }, () => stepOf({ jobId: 'shared', facts: { order: 'shared' } }))
    for (const step of steps) await store.append([step])
    const found = await store.find(['shared', steps[4]!.id], { limit: 3 })
    expect(found.map((each) => each.reference)).toEqual(
      steps
        .map((step) => step.reference)
        .toReversed()
        .slice(0, 3),
    )
  })

  test('goes on after the place of an earlier answer', async () => {
    const store = place()()
    const steps = Array.from({ length: 5 }, () => stepOf({ jobId: 'shared' }))
    const claims = Array.from({ length: 5 }, () => stepOf({ jobId: 'shared', claimed: true }))
    for (const step of [...steps, ...claims]) await store.append([step])
    for (const [find, own] of [
      [(after?: number) => store.find(['shared'], { limit: 2, after }), steps],
      [async (after?: number) => (await store.findClaims(['shared'], { limit: 2, after })).found, claims],
    ] as const) {
      const seen = []
      let after: number | undefined
      for (let page = await find(); page.length > 0; page = await find(after)) {
        seen.push(...page.map((each) => each.reference))
        after = page.at(-1)?.place
      }
      expect(seen).toEqual(own.map((step) => step.reference).toReversed())
    }
  })

  test('finds by a server’s word alone, and by browsers’ apart, where trails with a server’s step come first', async () => {
    const store = place()()
    const facts = { order: 'A-1' }
    const own = stepOf({ facts })
    const half = stepOf({ facts, claimed: true })
    await store.append([own, { ...own, id: mintSpanId(), claimed: true }, half, stepOf({ reference: half.reference })])
    const claims = Array.from({ length: 4 }, () => stepOf({ facts, personHash: 'ef'.repeat(32), claimed: true }))
    for (const claim of claims) await store.append([claim])
    expect(await store.find(['a-1'], { limit: 9 })).toMatchObject([{ reference: own.reference, kind: 'fact:order' }])
    const { found, count } = await store.findClaims(['a-1', 'ef'.repeat(32)], { limit: 3 })
    expect(found.map((each) => each.reference)).toEqual([half, claims[3], claims[2]].map((step) => step?.reference))
    expect(count).toBe(5)
    expect(await store.findClaims([claims[0]!.id], { limit: 1 })).toMatchObject({
      found: [{ kind: 'claim' }],
      count: 1,
    })
  })

  test('gives the trails last added to, those of the last hour first, no more than asked for and none older', async () => {
    let now = Date.UTC(2026, 0, 1, 12)
    const store = place()({ now: () => now })
    const steps = Array.from({ length: 4 }, () => stepOf())
    for (const step of steps) {
      await store.append([step])
      now += HOUR_MS
    }
    await store.append([
      stepOf({ reference: steps[1]!.reference }),
      stepOf({ reference: steps[1]!.reference, claimed: true }),
    ])
    const [first, second, third, last] = steps.map((step) => step.reference)
    const all = [second, last, third, first]
    expect(await store.recent({ since: 0, limit: 4 })).toEqual({ references: all, more: false })
    expect(await store.recent({ since: 0, limit: 3 })).toEqual({ references: all.slice(0, 3), more: true })
    expect(await store.recent({ since: now - 2 * HOUR_MS, limit: 9 })).toEqual({
      references: all.slice(0, 3),
      more: false,
    })
    expect(await store.recent({ since: now + HOUR_MS, limit: 9 })).toEqual({ references: [], more: false })
  })

  test('knows which references it keeps something under, in the order asked', async () => {
    const store = place()()
    const steps = [stepOf(), stepOf()]
    await store.append(steps)
    const [one, two] = steps.map((step) => step.reference) as [Reference, Reference]
    for (const asked of [
      [two, one],
      [one, two],
    ])
      expect(await store.known([mintReference(), ...asked])).toEqual(asked)
    expect(await store.known([])).toEqual([])
  })

  test('tells the whole hash of a person from its beginning, and nothing of other values', async () => {
    const store = place()()
    await store.append([
      stepOf({ personHash: 'ab'.repeat(32), facts: { order: 'cd'.repeat(32) } }),
      stepOf({ personHash: 'ef'.repeat(32), claimed: true }),
    ])
    const answers = ['ab', 'ef', 'cd', '12'].map((pair) => store.personFrom(pair.repeat(8)))
    expect(await Promise.all(answers)).toEqual(['ab'.repeat(32), 'ef'.repeat(32), undefined, undefined])
  })

  test('refuses steps beyond the cap of a trail and leaves other trails alone', async () => {
    const store = place()({ stepsPerTrail: 3 })
    const reference = mintReference()
    const steps = Array.from({ length: 5 }, () => stepOf({ reference }))
    const other = stepOf()
    expect(await store.append([...steps, other])).toEqual({ ok: true, refused: 2 })
    expect(await store.trail(reference)).toHaveLength(3)
    expect(await store.trail(other.reference)).toHaveLength(1)
  })

  test('takes beyond the cap what failed, tickets and the end of what was announced, and no more than a quarter', async () => {
    const store = place()({ stepsPerTrail: 20 })
    const reference = mintReference()
    const of = (fields: Partial<StoredStep> = {}): StoredStep => stepOf({ reference, hop: 'schedule', ...fields })
    const failed = { status: 'error', error: { type: 'X' } } as const
    const run = of()
    const announced = of({ startedFor: run.id, status: 'running' })
    const first = Array.from({ length: 19 }, () => of())
    expect(await store.append([announced, ...first])).toEqual({ ok: true, refused: 0 })
    const ticket = of({ hop: 'support' })
    const later = [
      of(),
      ticket,
      of(failed),
      of({ ...failed, hop: 'api' }),
      of(failed),
      of(failed),
      of(failed),
      run,
      of(),
    ]
    expect(await store.append(later)).toEqual({ ok: true, refused: 4 })
    expect((await store.trail(reference)).slice(20)).toEqual([ticket, later[2], later[4], later[5], run])
  })

  test('finds the trails that link to one, the newest first, and by nothing that anybody can type', async () => {
    let now = Date.UTC(2026, 0, 1)
    const store = place()({ now: () => now })
    const reference = mintReference()
    const link = { rel: 'parent', reference, traceId: traceIdOf(reference) } as const
    const runs = Array.from({ length: 3 }, () => stepOf({ links: [link, link] }))
    const caused = stepOf({ links: [{ ...link, rel: 'child' }] })
    for (const step of [...runs, caused]) await store.append([step])
    const found = await store.find([linkKey(reference)], { limit: 3 })
    expect(found.map((each) => [each.reference, each.kind])).toEqual([
      [caused.reference, 'link:child'],
      [runs[2]?.reference, 'link:parent'],
      [runs[1]?.reference, 'link:parent'],
    ])
    const typed = [reference, ` ${reference}`, `  ${reference}`, linkKey(reference), linkKey(reference).toLowerCase()]
    const values = typed.map(normalValue)
    expect(await store.find(values, { limit: 9 })).toEqual([])
    expect((await store.findClaims([...values, reference, ` ${reference}`], { limit: 9 })).count).toBe(0)
    now += 10 * DAY_MS
    expect(await store.retain({ keepDays: 1, force: true })).toMatchObject({ forgotten: 4 })
    expect(await store.find([linkKey(reference)], { limit: 9 })).toEqual([])
  })

  test('lets claims fill their own share of a trail only', async () => {
    const store = place()({ stepsPerTrail: 3, claimsPerTrail: 2 })
    const reference = mintReference()
    const claims = Array.from({ length: 9 }, () => stepOf({ reference, claimed: true }))
    expect(await store.append(claims)).toEqual({ ok: true, refused: 7 })
    const own = Array.from({ length: 3 }, () => stepOf({ reference }))
    expect(await store.append(own)).toEqual({ ok: true, refused: 0 })
  })

  test('gives up strangers’ requests in a full trail, and what they led to, but no step of its own', async () => {
    const store = place()({ stepsPerTrail: 40 })
    const reference = mintReference()
    const of = (fields: Partial<StoredStep>): StoredStep => stepOf({ reference, ...fields })
    const call = of({ hop: 'browser', claimed: true })
    const served = of({ parentId: call.id, facts: { order: 'A-1' }, at: call.at - 1 })
    await store.append([call, served])
    const strange = Array.from({ length: 20 }, () => {
      const request = of({ parentId: mintSpanId(), facts: { order: 'A-1', thing: 'x' } })
      return [of({ hop: 'database', parentId: request.id }), request]
    }).flat()
    await store.append(strange)
    const own = Array.from({ length: 30 }, () => of({ hop: 'worker', parentId: served.id }))
    for (const step of own) expect(await store.append([step])).toEqual({ ok: true, refused: 0 })
    const kept = new Set((await store.trail(reference)).map(({ id }) => id))
    expect([call, served, ...own].filter(({ id }) => !kept.has(id))).toEqual([])
    expect(strange.filter(({ id }) => kept.has(id))).toHaveLength(4)
    // What belongs to one that is gone goes the same way, also when it comes later, or again.
    const gone = strange.find(({ id, hop }) => hop === 'api' && !kept.has(id))!
    const late = of({ hop: 'worker', parentId: gone.id })
    await store.append([late, gone, of({ hop: 'model', parentId: late.id })])
    expect(await store.trail(reference)).toHaveLength(36)
    expect(await store.evictedFrom(reference)).toBe(38)
    // A value that what stayed has, too, still leads here.
    expect(await store.find(['a-1'], { limit: 2 })).toMatchObject([{ reference, kind: 'fact:order' }])
  })

  test('keeps a server’s step although a browser claimed its id, or announced it, before', async () => {
    const store = place()()
    const own = stepOf()
    await store.append([{ ...own, claimed: true, name: 'claimed' }])
    await store.append([{ ...own, id: mintSpanId(), startedFor: own.id, status: 'running' }])
    await store.append([own])
    expect((await store.trail(own.reference)).map((step) => step.name)).toEqual(['claimed', 'step', 'step'])
  })

  test('answers busy, and writes nothing, when too much is waiting', async () => {
    const store = place()({ waitingSteps: 2 })
    const [first, second] = [stepOf(), stepOf()]
    const waiting = store.append([first, first])
    expect(await store.append([second])).toEqual({ ok: false, reason: 'busy' })
    expect(await waiting).toEqual({ ok: true, refused: 0 })
    expect(await store.trail(second.reference)).toEqual([])
    expect(await store.append([second])).toEqual({ ok: true, refused: 0 })
  })

  test('answers too-many, and writes nothing, to more at once than may ever wait', async () => {
    const store = place()({ waitingSteps: 2 })
    const steps = [stepOf(), stepOf(), stepOf()]
    expect(await store.append(steps)).toEqual({ ok: false, reason: 'too-many' })
    expect(await store.trail(steps[0]!.reference)).toEqual([])
  })

  test('takes what fills its queue although others are waiting', async () => {
    const store = place()({ waitingSteps: 5000, stepsPerTrail: 9000 })
    const few = [stepOf()]
    const reference = mintReference()
    const many = Array.from({ length: 5000 }, () => stepOf({ reference }))
    const answers = await Promise.all([store.append(few), store.append(many), store.append(few)])
    expect(answers).toEqual(answers.map(() => ({ ok: true, refused: 0 })))
    expect(await store.trail(reference)).toHaveLength(5000)
  })

  test('forgets trails that nothing was added to for long, with every value that led to them', async () => {
    let now = Date.UTC(2026, 0, 1)
    const store = place()({ now: () => now })
    const old = Array.from({ length: 250 }, () => stepOf({ jobId: 'job', facts: { order: 'A-1' } }))
    const kept = stepOf({ jobId: 'job' })
    await store.append([...old, kept])
    now += 10 * DAY_MS
    await store.append([stepOf({ reference: kept.reference })])
    expect(await store.retain({ keepDays: 5, force: true })).toMatchObject({ forgotten: 250 })
    expect(await store.trail(old[0]!.reference)).toEqual([])
    expect(await store.find(['job', 'a-1', old[0]!.id], { limit: 9 })).toMatchObject([
      { reference: kept.reference, kind: 'job' },
    ])
    expect(await store.trail(kept.reference)).toHaveLength(2)
    expect(await store.retain({ keepDays: 5, force: true })).toMatchObject({ forgotten: 0 })
  })
})

function rethrow(error: unknown): never {
  throw error
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
