import type { NamespaceOptions, Reference } from '@waybill/reference'
import { aliasesOf, claimedKey } from '../aliasesOf.ts'
import type { Alias } from '../aliasesOf.ts'
import type { StoredStep } from '../StoredStep.ts'
import { shareOf } from './shareOf.ts'
import { strangersAmong } from './strangersAmong.ts'

/**
 * Decides which arriving steps a trail takes in, and which it gives up for them, whatever the trail is kept in: a step once, however often it is
 * sent; no more than a trail's caps; and strangers' requests last. A store asks what is known, has it decide, and writes what came of it.
 */
export function createAdmission({ namespace, stepsPerTrail, claimsPerTrail }: AdmissionOptions): Admission {
  const mostStrange = Math.ceil(stepsPerTrail / 10)
  /** How often a trail was found to be full of its own, since it was looked through. */
  const turnedAway = new Map<Reference, number>()

  function isTimeToLook(reference: Reference): boolean {
    const times = turnedAway.get(reference) ?? 0
    turnedAway.delete(reference)
    if (times % LOOK_EVERY === 0) return true
    turnedAway.set(reference, times + 1)
    return false
  }

  function foundFullOfItsOwn(reference: Reference): void {
    turnedAway.set(reference, 1)
    for (const oldest of turnedAway.keys()) if (turnedAway.size > MOST_FULL) turnedAway.delete(oldest)
  }

  return {
    questionsOf(steps) {
      const values = new Set<string>()
      const spans = new Set<string>()
      for (const { id, parentId, personHash } of steps) {
        for (const span of parentId === undefined ? [id] : [id, parentId]) {
          spans.add(span)
          values.add(span).add(claimedKey(span))
        }
        if (personHash !== undefined) values.add(personHash)
      }
      return { values: [...values], spans: [...spans] }
    },

    *admit<Row>(trail: KnownTrail, arriving: readonly StoredStep[]): Admitting<Row> {
      let { steps, claims } = trail
      let known = createAliasIndex(trail.aliases)
      const evictedBefore = new Set(trail.evicted)
      const evicted: string[] = []
      let added: AddedStep[] = []
      /** Everything the trail holds by now; unknown until it is needed. */
      let contents: HeldStep<Row>[] | undefined
      const gone: HeldStep<Row>[] = []

      function remember(span: string): void {
        if (evictedBefore.has(span)) return
        evictedBefore.add(span)
        evicted.push(span)
      }

      function* take(step: StoredStep): Generator<'contents', boolean, readonly HeldStep<Row>[]> {
        if (!step.claimed && (evictedBefore.has(step.id) || evictedBefore.has(step.parentId ?? step.id))) {
          // What it causes in turn is then known for a stranger's, too.
          remember(step.id)
          return true
        }
        const aliases = aliasesOf(step, { namespace })
        // The first is its own id: when it is there already, the step was sent again.
        if (known.has(aliases[0]!)) return true
        if (yield* isFull(step)) return false
        for (const alias of aliases) known.add(alias)
        added.push({ step, aliases })
        contents?.push({ step })
        steps++
        if (step.claimed) claims++
        return true
      }

      function* isFull(step: StoredStep): Generator<'contents', boolean, readonly HeldStep<Row>[]> {
        const share = shareOf(step)
        if (step.claimed) return claims >= claimsPerTrail * share
        if (steps - claims < stepsPerTrail * share) return false
        if (step.hop === 'log') return true
        yield* makeRoom(step)
        return steps - claims >= stepsPerTrail + reserveFor(step)
      }

      /** What a trail is looked up for is still taken when it is full: how it ended, what failed, and its tickets. */
      function reserveFor(step: StoredStep): number {
        if (step.hop === 'support' || known.has({ kind: 'started', value: step.id }))
          return Math.floor(stepsPerTrail / 4)
        // Anybody can send a request that fails.
        return step.status === 'error' && step.hop !== 'api' ? Math.floor(stepsPerTrail / 5) : 0
      }

      /**
       * Gives up requests that no known call of the trail's action caused, and what they led to. Anybody who knows a reference can send
       * those, so they must not keep the action's own steps out. The first ones stay, to be seen.
       */
      function* makeRoom({
        id,
        hop,
        parentId,
        personHash,
      }: StoredStep): Generator<'contents', void, readonly HeldStep<Row>[]> {
        const leadsHere = (value: string | undefined): boolean => value !== undefined && known.leadsHere(value)
        const isExpected =
          leadsHere(parentId) || leadsHere(personHash) || (parentId !== undefined && leadsHere(claimedKey(parentId)))
        // It is a stranger's itself, as far as is known by now.
        if (hop === 'api' && !isExpected) {
          remember(id)
          return
        }
        if (!isTimeToLook(trail.reference)) return
        contents ??= [...(yield 'contents'), ...added]
        const strange = new Set(strangersAmong(contents.map(({ step }) => step)).slice(mostStrange))
        const isStrange = ({ step }: HeldStep<Row>): boolean => strange.has(step.id)
        const leaving = contents.filter(isStrange)
        if (leaving.length === 0) {
          foundFullOfItsOwn(trail.reference)
          return
        }
        gone.push(...leaving)
        contents = contents.filter((each) => !isStrange(each))
        added = added.filter((each) => !isStrange(each))
        known = createAliasIndex(contents.flatMap(({ step }) => aliasesOf(step, { namespace })))
        for (const { step } of leaving) remember(step.id)
        steps -= leaving.length
        claims -= leaving.filter(({ step }) => step.claimed).length
      }

      const refused: boolean[] = []
      for (const step of arriving) refused.push(!(yield* take(step)))
      return {
        added,
        droppedRows: gone.flatMap(({ row }) => (row === undefined ? [] : [row])),
        // What stays, or came since, may have the same values.
        droppedAliases: gone.flatMap(({ step }) => aliasesOf(step, { namespace })).filter((alias) => !known.has(alias)),
        evicted,
        refused,
        steps,
        claims,
      }
    },
  }
}

export interface Admission {
  /** What the store has to say of a trail that it holds already, before steps arrive in it. Of a new one there is nothing to say. */
  questionsOf(steps: readonly StoredStep[]): Questions
  /**
   * Decides on steps that arrive in one trail, in their order. Where it yields, it is to be given everything that the trail holds, in order
   * of arrival.
   */
  admit<Row>(trail: KnownTrail, arriving: readonly StoredStep[]): Admitting<Row>
}

/** `Row` is what the store knows a kept step by. */
export type Admitting<Row> = Generator<'contents', Admitted<Row>, readonly HeldStep<Row>[]>

export interface Questions {
  /** Which of these lead to the trail? */
  readonly values: readonly string[]
  /** Which of these span ids did it give up before? */
  readonly spans: readonly string[]
}

/** A trail as its store knows it before the steps arrive. */
export interface KnownTrail {
  readonly reference: Reference
  /** Those it holds, claims among them. */
  readonly steps: number
  readonly claims: number
  /** Answers `values`. */
  readonly aliases: readonly Alias[]
  /** Answers `spans`. */
  readonly evicted: readonly string[]
}

export interface HeldStep<Row> {
  readonly step: StoredStep
  /** Absent while it is not yet written. */
  readonly row?: Row
}

export interface Admitted<Row> {
  /** To be written, in this order. */
  readonly added: readonly AddedStep[]
  /** To be taken away: steps of strangers' requests, and the values that no other step has. */
  readonly droppedRows: readonly Row[]
  readonly droppedAliases: readonly Alias[]
  /** Span ids to be remembered as given up. */
  readonly evicted: readonly string[]
  /** One for each arriving step: whether it is not kept because the trail is full. */
  readonly refused: readonly boolean[]
  /** The trail's counts afterwards. */
  readonly steps: number
  readonly claims: number
}

export interface AddedStep {
  readonly step: StoredStep
  readonly aliases: readonly Alias[]
}

export interface AdmissionOptions extends Required<NamespaceOptions> {
  readonly stepsPerTrail: number
  readonly claimsPerTrail: number
}

/** Looking through a full trail takes milliseconds, so it is not done for every step that comes. */
const LOOK_EVERY = 200
const MOST_FULL = 1000

function createAliasIndex(aliases: readonly Alias[]) {
  const keys = new Set<string>()
  const values = new Set<string>()
  const keyOf = ({ kind, value }: Alias): string => `${kind}\n${value}`
  const index = {
    add(alias: Alias): void {
      keys.add(keyOf(alias))
      values.add(alias.value)
    },
    has: (alias: Alias): boolean => keys.has(keyOf(alias)),
    leadsHere: (value: string): boolean => values.has(value),
  }
  for (const alias of aliases) index.add(alias)
  return index
}
