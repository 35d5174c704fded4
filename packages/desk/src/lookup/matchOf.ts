import { traceIdOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { ATTRIBUTES, batchesOf, orderSteps, outcomeOf, partsOf } from '@waybill/trail'
import type { Outcome, Step, StepLink } from '@waybill/trail'
import type { FoundReference } from '../store/Store.ts'
import { handlingsIn } from '../handling/handlingsIn.ts'
import { isHandling } from '../handling/handlingStep.ts'
import { notedHandling } from '../handling/notedHandling.ts'
import type { Directory } from '../owners/createDirectory.ts'
import type { SpanStep } from '../spans/createTrailSpans.ts'
import { normalValue } from '../store/aliasesOf.ts'
import type { StoredStep } from '../store/StoredStep.ts'
import type { TraceLinks } from '../traceLinks/createTraceLinks.ts'
import type { Unseen } from '../store/Unseen.ts'
import { correctClocks } from './clocks/correctClocks.ts'
import type { FactLink, Match, MatchStep, NotedValue, TrailLinks } from './Match.ts'
import { mostPressingFirst } from './mostPressingFirst.ts'
import { screenOf } from './screenOf.ts'
import { stepShowing } from './stepShowing.ts'
import { waitsForOf } from './waitsForOf.ts'

/**
 * The answer for one trail, or null when nothing is kept under its reference. `stored` is in the order of arrival. How support's people handle it changes nothing of what is said of it; what
 * says so and did not come into force is left out.
 */
export function matchOf(
  stored: readonly (StoredStep | SpanStep)[],
  {
    reference,
    foundBy,
    namespace,
    now,
    evicted = 0,
    linkedFrom = [],
    unseen = [],
    traceLinks,
    directory,
    secret,
  }: MatchOptions,
): Match | null {
  const happened = stored.filter((step) => !isHandling(step))
  const handlings = secret ? handlingsIn(stored, { secret }) : []
  const sources = new Map(stored.map((step) => [step.id, 'source' in step ? step.source : ('desk' as const)]))
  // The hash tells persons apart as well as their ids do.
  const corrected = correctClocks(happened.map(({ personHash, ...step }): Step => ({ ...step, person: personHash })))
  const steps = orderSteps(corrected.steps)
  if (steps.length === 0) return null
  const parts = partsOf(steps)
  const partOf = new Map(PARTS.flatMap((part) => parts[part].flat().map((step) => [step, part] as const)))
  const { own, page, later, claims, apart, records } = parts
  const { later: outcomes, isClaimed, ...outcome } = outcomeOf(steps, { now })
  // What is said of the trail as a whole comes from its own work, and only where there is none from what browsers report.
  const heard = own.length > 0 ? page : [...page, ...claims]
  const told = own.length > 0 ? own : [...heard, ...records, ...apart, ...later.flat()]
  const traceId = traceIdOf(reference, { namespace })
  // What an item of a batch is about is not what the whole is about.
  const items = new Set(batchesOf(own).flatMap((batch) => batch.items.flatMap(({ attempts }) => attempts)))
  const known: Record<string, string> = Object.assign(
    {},
    ...own.filter((step) => !items.has(step)).map((step) => step.facts),
  )
  const facts: Record<string, string> = Object.assign({}, ...heard.map((step) => step.facts), known)
  const noted = notedIn(records)
  // A run that came later may wait for somebody while the action itself went well.
  const [pressing = outcome] = mostPressingFirst<Outcome>([outcome, ...outcomes])
  const handled = handlings.at(-1)
  const failed = [own, page, ...later].flat().filter(({ status }) => status === 'error')
  const failedAt = Math.max(...failed.map(({ at, durationMs }) => at + durationMs))
  const place = stepShowing(pressing, { page, steps })
  return {
    reference,
    traceId,
    aliases: [...new Set([...told, ...heard].map((step) => step.traceId))].filter((each) => each !== traceId),
    startedAt: isoTime(startOf(told, heard)),
    action: heard.find((step) => step.action)?.name ?? told.find((step) => step.hop !== 'log')?.name ?? null,
    outcome,
    later: outcomes.map(({ at, ...run }, index) => ({
      ...run,
      at: isoTime(at),
      stepIds: later[index]!.map((step) => step.id),
    })),
    session: heard.findLast((step) => step.session)?.session ?? null,
    person: [...heard, ...told].findLast((step) => step.person)?.person ?? null,
    facts,
    claimedFacts: Object.keys(facts).filter((name) => !Object.hasOwn(known, name)),
    remains: outcome.remains,
    claimed: isClaimed,
    foundBy,
    steps: (handlings.length > 0 ? orderSteps([...steps, ...handlings]) : steps).map((step) =>
      matchStepOf(step, {
        part: partOf.get(step) ?? (isHandling(step) ? 'records' : 'claims'),
        source: sources.get(step.id) ?? 'desk',
        ownTime: corrected.ownTimes.get(step.id),
      }),
    ),
    evicted,
    links: linksOf([...own, ...later.flat(), ...records], linkedFrom),
    noted,
    traceLinks:
      traceLinks?.({
        traceId,
        reference,
        from: Math.min(...steps.map(({ at }) => at)),
        to: Math.max(...steps.map(({ at, durationMs }) => at + durationMs)),
      }) ?? [],
    unseen,
    waitsFor: waitsForOf(pressing),
    owner: (place && directory?.ownerOf(place)) ?? null,
    handling: handled ? { ...notedHandling(handled), isOutdated: handled.at < failedAt } : null,
    factLinks: [...Object.entries(facts), ...noted.map(({ kind, value }) => [kind, value] as const)]
      .map(([name, value]) => directory?.linkTo(name, value) ?? null)
      .filter((link): link is FactLink => link !== null),
    ...screenOf(page),
    // Not of a stranger's device.
    clocks: [...new Set([...told, ...heard, ...later.flat()].map(({ id }) => corrected.clocks.get(id)))].filter(
      (clock) => clock !== undefined,
    ),
  }
}

export interface MatchOptions {
  readonly reference: Reference
  readonly foundBy: string
  readonly namespace: string
  /** Milliseconds since the epoch. */
  readonly now: number
  /** See `Store.evictedFrom`. @default 0 */
  readonly evicted?: number | undefined
  /** Trails that link to this one, the newest first. @default none */
  readonly linkedFrom?: readonly FoundReference[] | undefined
  /** @default none */
  readonly traceLinks?: TraceLinks | undefined
  /** @default nothing */
  readonly unseen?: readonly Unseen[] | undefined
  /** Who looks after what. @default nobody */
  readonly directory?: Directory | undefined
  /** The store's, by which the desk knows what it wrote itself. @default no word of how it is handled is believed */
  readonly secret?: Uint8Array | undefined
}

/** The customer's click, unless their clock is far from the servers'. */
function startOf(told: readonly Step[], heard: readonly Step[]): number {
  const [server, page] = [told, heard].map((steps) => Math.min(...steps.map((step) => step.at)))
  return page! < server! && server! - page! < TOLERATED_MS ? page! : server!
}

const TOLERATED_MS = 60_000

interface StepPlace extends Pick<MatchStep, 'part' | 'source'> {
  /** What its machine's clock said, where that is corrected. */
  readonly ownTime: number | undefined
}

function matchStepOf(step: Step, { part, source, ownTime }: StepPlace): MatchStep {
  return {
    id: step.id,
    parentId: step.parentId ?? null,
    hop: step.hop,
    service: step.service,
    name: step.name,
    at: isoTime(step.at),
    atByOwnClock: ownTime === undefined ? null : isoTime(ownTime),
    durationMs: step.durationMs,
    status: step.status,
    attempt: step.attempt ?? null,
    maxAttempts: step.maxAttempts ?? null,
    jobId: step.jobId ?? null,
    error: step.error ? { type: step.error.type, message: step.error.message ?? null } : null,
    effect: step.effect ?? null,
    remains: step.remains ?? null,
    action: step.action ?? null,
    failure: step.failure ?? null,
    deadLetter: step.deadLetter ?? false,
    background: step.background ?? null,
    facts: step.facts ?? {},
    attributes: step.attributes ?? {},
    links: (step.links ?? []).map(({ rel, reference }) => ({ rel, reference })),
    claimed: step.claimed ?? false,
    part,
    source,
  }
}

/** What a trail's own steps say, by their names, and then what only others say of it. */
function linksOf(steps: readonly Step[], linkedFrom: readonly FoundReference[]): TrailLinks[] {
  const groups = new Map<string, { rel: StepLink['rel']; name: string | null; references: Set<Reference> }>()
  const add = (reference: Reference, { rel, name }: Pick<TrailLinks, 'rel' | 'name'>): void => {
    const key = `${rel} ${name}`
    const group = groups.get(key) ?? { rel, name, references: new Set() }
    group.references.add(reference)
    groups.set(key, group)
  }
  const newestFirst = steps.filter(({ links }) => links).toReversed()
  const failedFirst = newestFirst.toSorted((a, b) => Number(b.status === 'error') - Number(a.status === 'error'))
  const said = new Set<Reference>()
  for (const { name, links = [] } of failedFirst) {
    for (const { rel, reference } of links) {
      add(reference, { rel, name })
      said.add(reference)
    }
  }
  for (const { reference, kind } of linkedFrom) {
    // What came of this trail calls it its parent.
    if (!said.has(reference)) add(reference, { rel: kind === 'link:parent' ? 'child' : 'parent', name: null })
  }
  return Array.from(groups.values(), ({ references, ...group }) => ({
    ...group,
    count: references.size,
    references: [...references].slice(0, MOST_LINKS),
  })).slice(0, MOST_GROUPS)
}

const MOST_GROUPS = 10
const MOST_LINKS = 5

/** A value that was noted again is one, with the last word on how it stands. */
function notedIn(records: readonly Step[]): NotedValue[] {
  const noted = new Map<string, NotedValue>()
  for (const { hop, facts = {}, attributes = {}, service, at } of records) {
    if (hop !== 'support') continue
    const { 'url.full': url, [ATTRIBUTES.linkState]: state } = attributes
    for (const [kind, value] of Object.entries(facts)) {
      const key = `${kind} ${normalValue(value)}`
      const before = noted.get(key) ?? { kind, value, url: null, state: null, service, at: isoTime(at) }
      noted.set(key, {
        ...before,
        url: before.url ?? (typeof url === 'string' ? url : null),
        state: typeof state === 'string' ? state : before.state,
      })
    }
  }
  return [...noted.values()].slice(0, MOST_NOTED)
}

const MOST_NOTED = 20

const PARTS = ['own', 'page', 'later', 'records', 'apart', 'claims'] as const

function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}
