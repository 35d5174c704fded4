import { pickJson } from './pickJson.ts'
import { plainName } from './plainName.ts'
import { readEvents } from './readEvents.ts'

/**
 * Reads the answer of a model's API as it passes, in one piece or as events: who answered, why it ended, tokens, and the provider's word
 * for an error. One reader for OpenAI's APIs, Anthropic's and those made like them, because no two of them mean different things by one name.
 * What the model wrote is not looked at, and no more than some 200 characters are ever held.
 */
export function readAnswer(contentType: string): AnswerReader {
  const isStream = /^text\/event-stream\b/i.test(contentType)
  const isJson = /\bjson\b/i.test(contentType)
  const decoder = new TextDecoder('latin1')
  const said = new Map<string, string | number>()
  const finishReasons = new Set<string>()
  let state: ModelAnswer['state'] = 'cut'
  let head = ''

  const picker = pickJson(PATHS, (path, value) => {
    const name = path.replace(WRAPPER, '')
    said.set(name, value)
    if (!FINISH.has(name) || !isWord(value)) return
    state = 'whole'
    if (finishReasons.size < MOST_REASONS) finishReasons.add(value)
  })
  const onEventEnd = (): void => {
    const isDone = head.startsWith('[DONE]')
    const form = picker.end()
    const type = said.get('type')
    if (isDone || LAST_EVENTS.has(String(type))) state = 'whole'
    else if (form !== 'whole' && state === 'cut') state = 'malformed'
    // Elsewhere a code at the top is none of an error.
    if (type !== 'error') said.delete('code')
    else if (said.has('code')) said.set('error.code', said.get('code') ?? '')
    said.delete('type')
    head = ''
  }
  const events = readEvents({
    onData(text) {
      head = (head + text.slice(0, 8)).slice(0, 8)
      picker.push(text)
    },
    onEventEnd,
  })

  return {
    push(bytes) {
      // All that is looked for is ASCII, and a decoder that reads byte by byte has nothing to keep between two pieces.
      const text = decoder.decode(bytes)
      if (isStream) events.push(text)
      else if (isJson) picker.push(text)
    },
    end() {
      if (isStream) events.end()
      else state = isJson ? picker.end() : 'whole'
      const status = said.get('status')
      const reasons = [...finishReasons]
      if (reasons.length === 0 && isWord(status) && FINAL.has(status)) reasons.push(status)
      const words = [said.get('error.code'), said.get('error.type')].filter(isWord)
      const tokens = (...names: readonly string[]): number | undefined => {
        const counts = names.map((name) => said.get(name)).filter((count) => typeof count === 'number')
        return counts.length > 0 ? counts.reduce((sum, count) => sum + count, 0) : undefined
      }
      return {
        state,
        errorType: words[0] ?? (status === 'failed' ? 'failed' : undefined),
        attributes: {
          'gen_ai.response.id': plainName(said.get('id')),
          'gen_ai.response.model': plainName(said.get('model')),
          'gen_ai.response.finish_reasons': reasons.join(',') || undefined,
          // Anthropic counts what is cached apart, the semantic conventions and OpenAI do not.
          'gen_ai.usage.input_tokens':
            tokens('usage.prompt_tokens') ??
            tokens('usage.input_tokens', 'usage.cache_read_input_tokens', 'usage.cache_creation_input_tokens'),
          'gen_ai.usage.output_tokens': tokens('usage.completion_tokens') ?? tokens('usage.output_tokens'),
          'gen_ai.usage.cache_read.input_tokens': tokens(
            'usage.prompt_tokens_details.cached_tokens',
            'usage.input_tokens_details.cached_tokens',
            'usage.cache_read_input_tokens',
          ),
          'gen_ai.usage.cache_creation.input_tokens': tokens(
            'usage.prompt_tokens_details.cache_write_tokens',
            'usage.input_tokens_details.cache_write_tokens',
            'usage.cache_creation_input_tokens',
          ),
        },
      }
    },
    get heldLength() {
      return picker.heldLength + head.length
    },
  }
}

export interface AnswerReader {
  push(bytes: Uint8Array): void
  /** What was said until now; nothing more is read. */
  end(): ModelAnswer
  /** How many characters of the answer are kept at the moment. */
  readonly heldLength: number
}

export interface ModelAnswer {
  readonly attributes: Readonly<Record<string, string | number | undefined>>
  /** The provider's word for what failed: `rate_limit_exceeded`, `overloaded_error`. */
  readonly errorType?: string | undefined
  /** By its own form: a stream is whole with its last event, JSON with its last bracket. */
  readonly state: 'whole' | 'cut' | 'malformed'
}

/** One of a provider's few words, and no number that may be somebody's. */
function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^(?!.*\d{4})(?!.{61})[a-z][a-z\d]*(?:[_-][a-z\d]+)*$/i.test(value)
}

/** Chat completions, and why a response of OpenAI's is incomplete; Anthropic's `stop_reason`. */
const FINISH: ReadonlySet<string> = new Set(['choices.*.finish_reason', 'incomplete_details.reason', 'stop_reason'])
const MOST_REASONS = 5

/** States of a response of OpenAI's in which it stays. */
const FINAL: ReadonlySet<string> = new Set(['completed', 'incomplete', 'failed', 'cancelled'])

const LAST_EVENTS: ReadonlySet<string> = new Set([
  'message_stop',
  'error',
  ...[...FINAL].map((state) => `response.${state}`),
  'image_generation.completed',
  'image_edit.completed',
])

/** Events wrap what an answer in one piece says at its top: `response.created`, `message_start`, `message_delta`. */
const WRAPPER = /^(?:response|message|delta)\./

const PATHS: ReadonlySet<string> = new Set([
  'type',
  'code',
  'delta.stop_reason',
  ...['', 'response.', 'message.'].flatMap((wrapper) =>
    [
      ...FINISH,
      'id',
      'model',
      'status',
      'error.code',
      'error.type',
      'usage.prompt_tokens',
      'usage.completion_tokens',
      'usage.input_tokens',
      'usage.output_tokens',
      'usage.prompt_tokens_details.cached_tokens',
      'usage.prompt_tokens_details.cache_write_tokens',
      'usage.input_tokens_details.cached_tokens',
      'usage.input_tokens_details.cache_write_tokens',
      'usage.cache_read_input_tokens',
      'usage.cache_creation_input_tokens',
    ].map((path) => wrapper + path),
  ),
])
