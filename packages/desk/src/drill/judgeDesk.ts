import type { LookUpAnswer } from '../lookup/Match.ts'
import { callHttp } from './callHttp.ts'
import type { CallOptions } from './callHttp.ts'
import type { DrillHop, DrillSource } from './DrillConfig.ts'
import { DrillError } from './DrillError.ts'
import type { Judgement } from './judgeRecords.ts'

/**
 * Asks a desk for the reference, as support would.
 *
 * @throws DrillError when the desk cannot be asked.
 */
export async function judgeDesk(
  source: DeskSource,
  { hop, reference, isLostBefore, ...options }: DeskOptions,
): Promise<Judgement> {
  // Where it was lost, waiting brings no more of it here.
  const shared = {
    also: [],
    others: [],
    holds: { ids: new Set<string>(), isNonePossible: false },
    isSettled: isLostBefore,
  }
  if (reference === null) return { ...shared, verdict: 'no-record', detail: 'there was no reference to ask for' }
  const call = {
    method: 'GET',
    url: `${source.url.replace(/\/$/, '')}/api/trails/${reference}`,
    headers: { authorization: `Bearer ${source.token}` },
    body: undefined,
  }
  const { status, text } = await callHttp(call, options)
  if (status === 429) return { ...shared, verdict: 'no-record', detail: 'the desk had too many look-ups to answer' }
  if (status !== 200)
    throw new DrillError(
      `${options.where} was answered with ${status}. Check its address, and that the token is the desk's read token.`,
    )
  const match = answerIn(text, options.where).matches.find((each) => each.reference === reference)
  if (!match)
    return { ...shared, verdict: isLostBefore ? 'follows' : 'no-record', detail: 'the desk knows no such trail' }
  if (match.claimed)
    return {
      ...shared,
      verdict: isLostBefore ? 'follows' : 'missing',
      detail: 'only the browser told of it, no server',
    }
  const told = match.steps.filter((step) => !step.claimed)
  const absent = source.services.filter((service) => !told.some((step) => step.service === service))
  const attempts = new Set(told.map(({ attempt }) => attempt).filter((attempt) => attempt !== null)).size
  if (absent.length > 0) {
    const detail = `no step of ${absent.join(', ')}`
    return { ...shared, verdict: isLostBefore ? 'follows' : 'missing', detail }
  }
  if (hop.attempts > 1 && attempts < hop.attempts && !isLostBefore)
    return { ...shared, verdict: 'no-record', detail: `${attempts} of ${hop.attempts} attempts were seen` }
  return {
    ...shared,
    verdict: 'present',
    detail: `${told.length} steps of ${new Set(told.map(({ service }) => service)).size} services`,
    isSettled: true,
  }
}

export type DeskSource = Extract<DrillSource, { by: 'desk' }>

interface DeskOptions extends CallOptions {
  readonly hop: DrillHop
  readonly reference: string | null
  /** Whether a hop lost or changed it, so that what came after cannot be in the trail. */
  readonly isLostBefore: boolean
}

function answerIn(text: string, where: string): LookUpAnswer {
  try {
    const answer: unknown = JSON.parse(text)
    if (Array.isArray(Object(answer).matches)) return answer as LookUpAnswer
  } catch {
    // Not JSON: the same as JSON of something else.
  }
  throw new DrillError(`${where} is no desk: its answer holds no matches. Check its address.`)
}
