import { maskPath } from '@waybill/trail'
import { requestIds } from '../http/requestIds.ts'
import { errorTypeOf } from '../step/errorType.ts'
import { stepOf } from '../step/openStep.ts'
import type { OpenStep } from '../step/openStep.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import { observedResponse } from './observedResponse.ts'
import type { BodyEnd } from './observedResponse.ts'
import { pickJson } from './pickJson.ts'
import { plainName } from './plainName.ts'
import { readAnswer } from './readAnswer.ts'
import type { ModelAnswer } from './readAnswer.ts'
import { toldCalls } from './toldCalls.ts'
import { promptAttributes } from './withPrompt.ts'

/**
 * Sends one try of a call of a model's API as a step of hop `model`, seen while it goes on, which ends when the answer has been read to
 * its end or was given up. The answer comes back as it came. Under a step that tells this call already, as the AI SDK's do,
 * no other begins: what the answer says is added to that one.
 */
export async function traceModelCall(
  waybill: ServerWaybill,
  call: ModelCall,
  send: (step: OpenStep | undefined) => Promise<Response>,
): Promise<Response> {
  const inForce = waybill.storage.getStore()
  const told = inForce && toldCalls.has(inForce) ? stepOf(inForce) : undefined
  const step = told ?? waybill.guard(() => beginStep(waybill, call))
  if (!step) return send(undefined)
  const end = (errorType: string | undefined): void => {
    if (told) return
    step.set({ errorType })
    step.end()
  }
  try {
    const response = await waybill.resume(step.context, () => send(step))
    const seen = waybill.guard(() => observed(response))
    if (!seen) waybill.guard(() => end(undefined))
    return seen ?? response
  } catch (error) {
    waybill.guard(() => end(call.signal?.aborted ? call.abortType('unanswered') : failureOf(error)))
    throw error
  }

  function observed(response: Response): Response {
    if (!step) return response
    const { status, headers } = response
    step.note(requestIds((header) => headers.get(header)))
    step.set({ attributes: { 'http.response.status_code': status } })
    const isRead = call.operation !== undefined || status >= 400
    const reader = isRead ? readAnswer(headers.get('content-type') ?? '') : undefined
    return observedResponse(response, {
      signal: call.signal,
      // An SDK that tries again throws the body away, and with it the provider's word for what failed.
      readsRest: status >= 400,
      onChunk: (bytes) => waybill.guard(() => reader?.push(bytes)),
      onEnd: (how, error) =>
        waybill.guard(() => {
          const answer = reader?.end()
          step.set({ attributes: answer?.attributes })
          end(answer?.errorType ?? (status >= 400 ? String(status) : troubleOf(answer, how, error)))
        }),
    })
  }

  function troubleOf(answer: ModelAnswer | undefined, how: BodyEnd, error: unknown): string | undefined {
    if (how === 'unseen' || (answer ? answer.state === 'whole' : how === 'read')) return undefined
    if (answer?.state === 'malformed') return 'malformed_answer'
    if (how === 'read') return 'incomplete_answer'
    if (how === 'cancelled') return 'AbortError'
    return call.signal?.aborted ? call.abortType('answered') : failureOf(error)
  }
}

/**
 * The operation of a model that a request is, by the end of its path; undefined for what calls no model, such as a GET, files or batches.
 * An endpoint that is not known has no name for its operation, and of what it is sent and answers nothing is read.
 */
export function modelOperation(
  { method, url }: Pick<ModelCall, 'method' | 'url'>,
  operations: readonly (readonly [path: string, operation: string])[],
): Pick<ModelCall, 'operation'> | undefined {
  const pathname = URL.parse(url)?.pathname
  if (method !== 'POST' || pathname === undefined || OTHER_WORK.test(pathname)) return undefined
  return { operation: operations.find(([path]) => pathname.endsWith(path))?.[1] }
}

/** A request to a model's API that is about to be sent. */
export interface ModelCall {
  /** OpenTelemetry's `gen_ai.provider.name`. */
  readonly provider: string
  /** OpenTelemetry's `gen_ai.operation.name`; undefined for an endpoint that is not known, of which nothing is read. */
  readonly operation: string | undefined
  readonly method: string
  readonly url: string
  readonly body: unknown
  /** How often the SDK sent it before. */
  readonly resends: number
  readonly signal: AbortSignal | undefined
  /** Why the signal was aborted, before or after the answer began: `timeout` or `AbortError`. */
  readonly abortType: (when: 'unanswered' | 'answered') => string
}

function beginStep(waybill: ServerWaybill, call: ModelCall): OpenStep {
  const { provider, operation, method, url, resends } = call
  const { model, ...promptOfBody } = operation ? requestOf(call.body) : {}
  const at = waybill.current()?.attempt
  const step = waybill.begin({
    hop: 'model',
    name: operation ? `${operation} ${model ?? 'model'}` : `${method} ${maskPath(url)}`,
    attempt: at || resends > 0 ? (at ?? 1) + resends : undefined,
    attributes: {
      'gen_ai.operation.name': operation,
      'gen_ai.provider.name': provider,
      'gen_ai.request.model': model,
      ...promptAttributes(),
      ...promptOfBody,
      'server.address': URL.parse(url)?.host,
      'http.request.resend_count': resends || undefined,
    },
    announce: true,
  })
  toldCalls.add(step.context)
  return step
}

/** The model that is asked for, and the prompt of OpenAI's that is named in place of one. */
function requestOf(body: unknown): Readonly<Partial<Record<string, string>>> {
  const said = new Map<string, string>()
  const paths = { model: 'model', 'prompt.id': 'gen_ai.prompt.name', 'prompt.version': 'gen_ai.prompt.version' }
  const picker = pickJson(new Set(Object.keys(paths)), (path, value) => said.set(path, String(value)))
  if (typeof body === 'string') picker.push(body)
  const named = Object.entries(paths).map(([path, name]) => [name, plainName(said.get(path))] as const)
  return Object.fromEntries(named.filter(([, value]) => value !== undefined))
}

/** Of a failed `fetch` the cause has the code; the error itself is a TypeError whatever happened. */
function failureOf(error: unknown): string {
  const { code } = Object(Object(error).cause)
  const type = errorTypeOf(error)
  return type === 'timeout' || typeof code !== 'string' ? type : errorTypeOf({ code })
}

const OTHER_WORK = new RegExp(
  `/(?:${[
    'agents|assistants|batches|chatkit|compliance|containers|conversations|deployments|deployment_runs|environments|evals|files',
    'fine_tuning|live|memory_stores|models|oauth|organizations?|realtime|sessions|skills|threads|tunnels|uploads|user_profiles',
    'vaults|vector_stores|videos|webhooks|webhook_endpoints',
  ].join('|')})(?:/|$)`,
)
