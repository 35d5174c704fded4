import type { Step } from './Step.ts'

/**
 * Whose the steps of one trail are, in their order. A reference is shown to people and typed by them, so anybody may send a
 * request, or a browser's report, under it. Only what a stranger cannot know tells them apart: span ids, and the signed-in
 * person that a server itself recognised.
 *
 * The action is what the first step of a server began, and everything that is tied to it:
 * - all that those steps caused, by parent links, and work of servers without a known cause that follows within an hour;
 * - a request that the same cause led to, that a call of the same browser session led to, or that a server served for the same person;
 * - of a browser's reports those whose spans caused such a step, and how the same action went on.
 *
 * Runs of schedules, webhooks and late work that nothing in the trail caused are `later`, each by itself. A request that no known call
 * led to, and a part of work of which the rest is not told yet, are `apart`; a report that caused nothing is a `claim`. Those are
 * shown, and decide nothing.
 *
 * A log line goes with the step it was written in, and never decides which step is whose.
 */
export function partsOf(steps: readonly Step[]): TrailParts {
  const logs = steps.filter(isLog)
  const parts = partsWithoutLogs(logs.length > 0 ? steps.filter((step) => !isLog(step)) : steps)
  return logs.length > 0 ? withLogs(parts, steps) : parts
}

function partsWithoutLogs(steps: readonly Step[]): TrailParts {
  const server = steps.filter((step) => !isClaim(step))
  const claims = new Map(steps.filter(isClaim).map((step) => [step.id, step]))
  const families = familiesOf(server)
  const acts = families.filter(({ root }) => kindOf(root) !== 'record')
  // A ticket says nothing of how the action stands.
  const tellings = families.filter(({ root }) => root.hop !== 'support')
  const first = earliest(acts.length > 0 || claims.size > 0 ? acts : tellings)
  const own = new Set<Family>(first ? [first] : [])
  const known = new Set(first ? tiesOf(first.root, claims) : [])
  let lastSign = first ? endOf(first) : 0
  const isTied = ({ root }: Family): boolean => {
    const kind = kindOf(root)
    if (kind === 'run' || kind === 'record') return false
    if (kind === 'work' && (root.deadLetter || root.at - lastSign < SOON_MS)) return true
    return tiesOf(root, claims).some((tie) => known.has(tie))
  }
  // Until a look at all of them adds none: one that was tied now may tie others.
  for (let before = 0; before < own.size;) {
    before = own.size
    for (const family of families) {
      if (own.has(family) || !isTied(family)) continue
      own.add(family)
      lastSign = Math.max(lastSign, endOf(family))
      for (const tie of tiesOf(family.root, claims)) known.add(tie)
    }
  }

  const page = new Set<Step>()
  for (const { root } of own) for (const claim of causesOf(root, claims)) page.add(claim)
  // How it went on, told with a span id that only that browser knows. A parent comes before its children.
  const told = new Set([...page].map(({ id }) => id))
  for (const claim of claims.values()) {
    if (!claim.action || !told.has(claim.parentId ?? '')) continue
    page.add(claim)
    told.add(claim.id)
  }
  const inOrder = (chosen: readonly Family[]): Step[] => {
    const ids = new Set(chosen.flatMap((family) => family.steps))
    return server.filter((step) => ids.has(step))
  }
  const rest = (...kinds: readonly Kind[]): Family[] =>
    families.filter((family) => !own.has(family) && kinds.includes(kindOf(family.root)))
  return {
    own: inOrder([...own]),
    page: steps.filter((step) => page.has(step)),
    later: rest('run', 'work').map((family) => family.steps),
    records: inOrder(rest('record')),
    apart: inOrder(rest('request', 'part')),
    claims: steps.filter((step) => isClaim(step) && !page.has(step)),
  }
}

/** Every step is in exactly one part. */
export interface TrailParts {
  /** Steps of servers that are the action's own work. What the trail began with, when that is a run or a webhook. */
  readonly own: readonly Step[]
  /** What the customer's browser reported of it, as far as it is proved to be that browser. */
  readonly page: readonly Step[]
  /** Runs and webhooks that came later under the same reference, each with its steps. */
  readonly later: readonly (readonly Step[])[]
  /** Alerts and tickets, and log lines written in no step that is known. */
  readonly records: readonly Step[]
  /** Requests under this reference that no known call of the action caused, with what they led to, and parts of work without the rest. */
  readonly apart: readonly Step[]
  /** Reports of browsers whose spans caused nothing. */
  readonly claims: readonly Step[]
}

/** A browser's word, or a step of the customer's own device. */
export function isClaim(step: Pick<Step, 'claimed' | 'hop'>): boolean {
  return step.claimed === true || step.hop === 'browser'
}

/** A log line or an event: words in passing, of which no outcome is made. */
export function isLog({ hop }: Pick<Step, 'hop'>): boolean {
  return hop === 'log'
}

/** A browser's line stays among what browsers say, whichever span it names, and a server's line is never among those. */
function withLogs(parts: TrailParts, steps: readonly Step[]): TrailParts {
  const { own, page, later, records, apart, claims } = parts
  const runs = Object.fromEntries(later.map((run, index) => [String(index), run]))
  const groups = Object.entries({ ...runs, own, page, records, apart, claims })
  const placeOf = new Map(groups.flatMap(([place, group]) => group.map(({ id }) => [id, place] as const)))
  for (const step of steps) {
    if (!isLog(step)) continue
    const place = placeOf.get(step.parentId ?? '') ?? 'records'
    const isPage = place === 'page'
    if (isClaim(step)) placeOf.set(step.id, isPage ? 'page' : 'claims')
    else placeOf.set(step.id, isPage ? 'own' : place === 'claims' ? 'records' : place)
  }
  const at = (place: string): readonly Step[] => steps.filter(({ id }) => placeOf.get(id) === place)
  return {
    own: at('own'),
    page: at('page'),
    later: later.map((_, index) => at(String(index))),
    records: at('records'),
    apart: at('apart'),
    claims: at('claims'),
  }
}

/** A step that no other step of a server caused, and all that it led to. */
interface Family {
  readonly root: Step
  readonly steps: Step[]
}

/**
 * What a step that no known step caused may be. `request`: from outside. `run`: of a schedule, or a webhook. `record`: an alert, a
 * ticket. `part`: of work that is not told yet. `work`: our own servers' doing, where the message carried the reference only.
 */
type Kind = 'request' | 'run' | 'record' | 'part' | 'work'

function kindOf({ hop, parentId }: Step): Kind {
  if (hop === 'api') return 'request'
  if (hop === 'schedule' || hop === 'webhook') return 'run'
  if (hop === 'alert' || hop === 'support') return 'record'
  return hop === 'worker' || parentId === undefined ? 'work' : 'part'
}

/** Work without a cause that begins later than this after the last sign of the action is a run of its own. */
const SOON_MS = 3_600_000

function endOf({ steps }: Family): number {
  return Math.max(...steps.map(({ at, durationMs }) => at + durationMs))
}

/** In the order of their roots, each with its steps in theirs. */
function familiesOf(server: readonly Step[]): Family[] {
  const byId = new Map(server.map((step) => [step.id, step]))
  const jobs = new Map<string, Step>()
  for (const step of server) if (step.hop === 'queue' && step.jobId) jobs.set(step.jobId, step)
  const events = new Map<string, Step>()
  const families = new Map<Step, Family>()
  const roots = new Map<Step, Step>()
  for (const step of server) {
    const caused = rootOf(step, { byId, jobs, roots })
    const event = caused.hop === 'webhook' ? caused.jobId : undefined
    // What a partner delivers again is one piece of work with its first delivery.
    const root = (event && events.get(event)) || caused
    if (event && root === caused) events.set(event, caused)
    const family = families.get(root) ?? { root, steps: [] }
    family.steps.push(step)
    families.set(root, family)
  }
  return [...families.values()]
}

/** By the servers' own clocks: a browser's, which may be far ahead, moves the steps that it caused. */
function earliest(families: readonly Family[]): Family | undefined {
  return families.toSorted((a, b) => a.root.at - b.root.at)[0]
}

/** A circle of causes, which only bad input has, ends where it began. Roots found on the way are kept, or a long chain would be walked for each of its steps. */
function rootOf(step: Step, { byId, jobs, roots }: Causes): Step {
  const path = new Set<Step>()
  let root = step
  for (let each: Step | undefined = step; each && !path.has(each);) {
    const known = roots.get(each)
    root = known ?? each
    if (known) break
    path.add(each)
    // A partner's call is judged by itself, also where it carries what it was told of the action.
    if (each.hop === 'webhook') break
    each = byId.get(each.parentId ?? '') ?? (each.hop === 'worker' ? jobs.get(each.jobId ?? '') : undefined)
  }
  for (const each of path) roots.set(each, root)
  return root
}

interface Causes {
  readonly byId: ReadonlyMap<string, Step>
  readonly jobs: ReadonlyMap<string, Step>
  readonly roots: Map<Step, Step>
}

/** The reports from a request's call up to the action it was made for. */
function causesOf(root: Step, claims: ReadonlyMap<string, Step>): Step[] {
  const causes = new Set<Step>()
  for (let each = claims.get(root.parentId ?? ''); each && !causes.has(each);) {
    causes.add(each)
    each = claims.get(each.parentId ?? '')
  }
  return [...causes]
}

/** What a step's cause has in common with that of other steps, and nobody else can know. */
function tiesOf(root: Step, claims: ReadonlyMap<string, Step>): string[] {
  const causes = causesOf(root, claims)
  const ties = causes.flatMap(({ id, session }) => [`span ${id}`, ...(session ? [`session ${session}`] : [])])
  // A page that a server rendered goes on with that server's step.
  for (const id of [root.id, root.parentId, causes.at(-1)?.parentId]) if (id) ties.push(`span ${id}`)
  // Of a run or a job it says only whose data it worked on.
  return root.hop === 'api' && root.person ? [...ties, `person ${root.person}`] : ties
}
