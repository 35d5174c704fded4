import type { Hop } from './hop.ts'
import type { StepStatus } from './Step.ts'

/**
 * The pieces of work among steps that are in order, each with its attempts from first to last. The verdict and the time line
 * both read it, so that what counts as "tried again" is the same everywhere. Attempts of one piece of work are
 * - steps of one job, of the same kind and name, whatever their numbers are;
 * - without a job, steps of the same kind, service and name inside the same work, where a higher attempt number takes up a lower
 *   one: sooner one with the same facts, then a failed one. Two of one number went side by side: neither makes good the other.
 */
export function worksOf<S extends WorkStep>(steps: readonly S[]): Work<S>[] {
  const byId = new Map(steps.map((step) => [step.id, step]))
  const works: Work<S>[] = []
  const workOf = new Map<string, Work<S>>()
  const alike = new Map<string, Alike<S>>()

  for (const step of steps) {
    const { hop, service, name, jobId, parentId, action } = step
    // A parent comes before its children.
    const around = parentId && !action && byId.has(parentId) ? workOf.get(parentId) : undefined
    const key = jobId ? `job ${jobId} ${hop} ${name}` : `${around?.number} ${hop} ${service} ${name}`
    const known: Alike<S> = alike.get(key) ?? { works: [], byFacts: new Map(), lowest: Infinity }
    // Most steps are the first of their work: of thousands side by side none need be held against all others.
    const isFirst = attemptOf(step) <= known.lowest
    const taken = jobId ? known.works[0] : isFirst ? undefined : continued(known, step)
    const work = taken ?? { number: works.length, attempts: [] }
    if (!taken) {
      works.push(work)
      known.works.push(work)
      alike.set(key, known)
    }
    work.attempts.push(step)
    known.lowest = Math.min(known.lowest, attemptOf(step))
    const facts = factsOf(step)
    if (facts !== '') {
      const ofFacts = known.byFacts.get(facts) ?? []
      if (ofFacts.at(-1) !== work) ofFacts.push(work)
      known.byFacts.set(facts, ofFacts)
    }
    workOf.set(step.id, work)
  }
  for (const { attempts } of works) attempts.sort((a, b) => attemptOf(a) - attemptOf(b))
  return works
}

export interface Work<S> {
  /** The work's place among all. */
  readonly number: number
  /** At least one; by their number, and in order of time where that is the same. */
  readonly attempts: S[]
}

/** What of a step says which work it belongs to. Absent is undefined or null. */
export interface WorkStep {
  readonly id: string
  readonly parentId?: string | null | undefined
  readonly hop: Hop
  readonly service: string
  readonly name: string
  readonly jobId?: string | null | undefined
  readonly attempt?: number | null | undefined
  readonly maxAttempts?: number | null | undefined
  readonly status: StepStatus
  /** Set on a browser's step for the whole action: each is an attempt, whatever led to it. */
  readonly action?: string | null | undefined
  readonly facts?: Readonly<Record<string, string>> | undefined
  readonly attributes?: Readonly<Record<string, unknown>> | undefined
}

/** Works that a step may be an attempt of. */
interface Alike<S> {
  readonly works: Work<S>[]
  /** Those of which an attempt had these facts. */
  readonly byFacts: Map<string, Work<S>[]>
  /** The lowest number of an attempt. */
  lowest: number
}

function continued<S extends WorkStep>({ works, byFacts }: Alike<S>, step: S): Work<S> | undefined {
  const isEarlier = ({ attempts }: Work<S>): boolean => attempts.every((each) => attemptOf(each) < attemptOf(step))
  const facts = factsOf(step)
  return (
    byFacts.get(facts)?.findLast((work) => factsOf(work.attempts.at(-1)) === facts && isEarlier(work)) ??
    works.findLast((work) => work.attempts.at(-1)?.status === 'error' && isEarlier(work)) ??
    works.findLast(isEarlier)
  )
}

function factsOf(step: WorkStep | undefined): string {
  return Object.entries(step?.facts ?? {}).join('\n')
}

function attemptOf({ attempt }: WorkStep): number {
  return attempt ?? 1
}
