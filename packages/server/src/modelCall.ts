import type { Facts } from '@waybill/trail'
import { requestIds } from './http/requestIds.ts'

/** What a message of the AI SDK's tracing channel says of a call, without anything that a person or a model wrote. */
export function callOf(message: object): ModelCall | undefined {
  const { type, event, result, error } = fieldsOf(message)
  const { callId, provider, modelId, functionId, toolCall } = fieldsOf(event)
  const common = { callId: short(callId) ?? '', result: resultOf({ type, result, error }) }
  switch (type) {
    case 'languageModelCall':
      return {
        ...common,
        kind: 'model',
        name: `chat ${short(modelId) ?? 'model'}`,
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': short(provider),
          'gen_ai.request.model': short(modelId),
          'ai.telemetry.functionId': short(functionId),
        },
      }
    case 'executeTool': {
      const { toolName, toolCallId } = fieldsOf(toolCall)
      const attributes = {
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': short(toolName),
        'gen_ai.tool.call.id': short(toolCallId),
      }
      return { ...common, kind: 'tool', name: short(toolName) ?? 'tool', attributes }
    }
    case 'step':
      return { ...common, kind: 'step', name: 'step', attributes: {} }
    case 'generateText':
    case 'streamText':
      return { ...common, kind: 'whole', name: type, attributes: {} }
    default:
      return undefined
  }
}

export interface ModelCall {
  /** `whole` is a call of `generateText` or `streamText`; `step` one round of it: a model call, then the tools it asked for. */
  readonly kind: 'model' | 'tool' | 'step' | 'whole'
  /** The SDK's id of the whole. */
  readonly callId: string
  readonly name: string
  readonly attributes: Attributes
  readonly result: CallResult
}

export interface CallResult {
  readonly attributes: Attributes
  /** What the provider calls the request. */
  readonly facts: Facts
  readonly error?: unknown
  /** The call has answered with a stream, which goes on. */
  readonly streams: boolean
}

type Attributes = Readonly<Record<string, string | number | undefined>>

function resultOf({ type, result, error }: Fields): CallResult {
  const { finishReason, usage, response, stream, output } = fieldsOf(result)
  const failure = error ?? (type === 'executeTool' ? fieldsOf(output).error : undefined)
  const { inputTokens, outputTokens } = fieldsOf(usage)
  const { id, modelId, headers } = fieldsOf(response)
  const { statusCode, responseHeaders } = fieldsOf(failure)
  const answer = fieldsOf(headers ?? responseHeaders)
  const model: Attributes = {
    'gen_ai.response.finish_reasons': short(fieldsOf(finishReason).unified ?? finishReason),
    'gen_ai.usage.input_tokens': count(fieldsOf(inputTokens).total ?? inputTokens),
    'gen_ai.usage.output_tokens': count(fieldsOf(outputTokens).total ?? outputTokens),
    'gen_ai.usage.cache_read.input_tokens': count(fieldsOf(inputTokens).cacheRead),
    'gen_ai.usage.cache_creation.input_tokens': count(fieldsOf(inputTokens).cacheWrite),
    'gen_ai.response.id': short(id),
    'gen_ai.response.model': short(modelId),
    'http.response.status_code': count(statusCode),
  }
  if (type !== 'languageModelCall') return { attributes: {}, facts: {}, error: failure, streams: stream !== undefined }
  return {
    attributes: model,
    facts: requestIds((header) => answer[header]),
    error: failure,
    streams: stream !== undefined,
  }
}

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object(value) : {}
}

function short(value: unknown): string | undefined {
  return typeof value === 'string' && value ? value.slice(0, 100) : undefined
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}
