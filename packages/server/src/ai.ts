import { tracingChannel } from 'node:diagnostics_channel'
import { callOf } from './modelCall.ts'
import { toldCalls } from './models/toldCalls.ts'
import { promptAttributes } from './models/withPrompt.ts'
import { setRecent } from './setRecent.ts'
import type { OpenStep } from './step/openStep.ts'
import type { ServerWaybill } from './ServerWaybill.ts'

/**
 * Records the model and tool calls of the AI SDK (`ai` 7) as steps, by its tracing channel: nothing in the application
 * changes, and each try of the SDK's own retries is a step. HTTP requests under a model call have it as their cause. Recorded are
 * provider, model, prompt version, finish reason, token counts, ids, durations, the tool's name and the error's class; never a message, an
 * input or an output. Of a stream the step lasts until the stream is done; its token counts are not on the channel, but
 * `openaiFetch` adds them. Returns its stop.
 */
export function traceModels(waybill: ServerWaybill): () => void {
  const channel = tracingChannel<unknown, object>('ai:telemetry')
  const steps = new WeakMap<object, OpenStep>()
  const calls = new Map<string, OpenCall>()

  const openCall = (callId: string): OpenCall => {
    const call = calls.get(callId) ?? { tries: 0 }
    // A stream that nobody reads to its end never tells of it.
    setRecent(calls, callId, call, OPEN_CALLS)
    return call
  }
  const begin = (message: object): OpenStep | undefined => {
    const call = callOf(message)
    if (call?.kind === 'step') openCall(call.callId).tries = 0
    if (call?.kind !== 'model' && call?.kind !== 'tool') return undefined
    const resent = call.kind === 'model' ? openCall(call.callId).tries++ : 0
    const attributes = {
      ...call.attributes,
      ...(call.kind === 'model' && promptAttributes()),
      ...(resent > 0 && { 'http.request.resend_count': resent }),
    }
    const step = waybill.begin({ hop: call.kind, name: call.name, attributes, announce: call.kind === 'model' })
    if (call.kind === 'model') toldCalls.add(step.context)
    steps.set(message, step)
    return step
  }
  const settle = (message: object): void => {
    const call = callOf(message)
    if (!call) return
    const { attributes, facts, error, streams } = call.result
    const step = steps.get(message)
    step?.set({ attributes })
    step?.note(facts)
    if (streams) openCall(call.callId).stream = step
    else step?.end(error)
    if (call.kind === 'step' || call.kind === 'whole') calls.get(call.callId)?.stream?.end(error)
    if (call.kind === 'whole') calls.delete(call.callId)
  }
  const onEnd = (message: unknown): void => {
    waybill.guard(() => settle(Object(message)))
  }

  // A fault in here would become an uncaught exception of the process.
  channel.start.bindStore(
    waybill.storage,
    (message) => waybill.guard(() => begin(message))?.context ?? waybill.current(),
  )
  channel.asyncEnd.subscribe(onEnd)
  return () => {
    channel.start.unbindStore(waybill.storage)
    channel.asyncEnd.unsubscribe(onEnd)
  }
}

/** What has to be remembered of a call of `generateText` or `streamText` while it goes on. */
interface OpenCall {
  /** Tries of its model call, in the round that goes on. */
  tries: number
  stream?: OpenStep | undefined
}

const OPEN_CALLS = 1000
