import { batchesOf } from './batchesOf.ts'
import type { Effect, Step } from './Step.ts'
import { worksOf } from './worksOf.ts'

/**
 * The pieces of work that a trail is judged by, each by its last attempt. A step inside another is that one's affair: a model call
 * that failed and was caught says nothing once the worker around it went on and finished. Work behind a queue goes on after
 * its cause has ended, so it stands for itself. A request for a route that does not exist is no work, as long as there is other.
 */
export function unitsOf(steps: readonly Step[]): Unit[] {
  const ids = new Set(steps.map((step) => step.id))
  const items = new Set(batchesOf(steps).flatMap((batch) => batch.items.flatMap(({ attempts }) => attempts)))
  const units = worksOf(steps).flatMap(({ attempts }): Unit[] => {
    const [last, before] = [attempts.at(-1)!, attempts.slice(0, -1)]
    const isInside = last.parentId !== undefined && ids.has(last.parentId)
    return (isInside && !STANDS_ALONE.has(last.hop)) || items.has(last) ? [] : [{ step: last, before }]
  })
  const known = units.filter(({ step }) => !isUnknownRoute(step))
  return known.length > 0 ? known : units
}

export interface Unit {
  /** Its last attempt so far. */
  readonly step: Step
  /** The attempts before, in order. */
  readonly before: readonly Step[]
}

/** Answered 404 by a server that matched no route: nothing of the application ran. */
export function isUnknownRoute({ hop, status, error, attributes }: Step): boolean {
  return hop === 'api' && status === 'error' && error?.type === '404' && attributes?.['http.route'] === undefined
}

/** Whether it is sure not to have changed anything: GET and HEAD do not (RFC 9110, section 9.2.1), nor do queries of a database. */
export function isRead({ hop, name, attributes, effect }: ReadableStep): boolean {
  if (effect === 'done' || effect === 'held') return false
  if (hop === 'api' || hop === 'browser')
    return /^(?:GET|HEAD|OPTIONS)\b/.test(String(attributes?.['http.request.method'] ?? name))
  if (hop === 'database') return /^select\b/i.test(String(attributes?.['db.operation.name'] ?? name))
  return hop === 'model'
}

type ReadableStep = Pick<Step, 'hop' | 'name' | 'attributes'> & { readonly effect?: Effect | null | undefined }

/** Work that goes on after its cause has ended, so that the cause's success is not its own. */
export const STANDS_ALONE: ReadonlySet<string> = new Set(['worker', 'schedule', 'webhook'])
