import Anthropic from '@anthropic-ai/sdk'
import { parseTraceparent } from '@waybill/reference'
import { createWaybill, tracedTool, withPrompt } from '@waybill/server'
import { anthropicMiddleware } from '@waybill/server/anthropic'
import { traceOutgoing } from '@waybill/server/http-out'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { collectModelCalls, readAll } from '../fixtures/collectModelCalls.ts'
import { PRIVATE, PRIVATE_PARTS } from '../fixtures/privateText.ts'
import { startDesk } from '../fixtures/startDesk.ts'
import { answers, events, eventText, startModelServer } from '../fixtures/startModelServer.ts'
import type { ModelServer, Reply } from '../fixtures/startModelServer.ts'

const { waybill, steps, told, errorTypes, asWork } = collectModelCalls()
let server: ModelServer
let anthropic: Anthropic

beforeAll(async () => {
  server = await startModelServer()
  anthropic = client()
})
afterAll(() => server.stop())
beforeEach(() => {
  server.requests.length = server.replies.length = 0
})

const client = (reporter = waybill): Anthropic =>
  new Anthropic({ baseURL: server.url, apiKey: 'k', logLevel: 'off', middleware: [anthropicMiddleware(reporter)] })

const ask: Anthropic.MessageCreateParamsNonStreaming = {
  model: 'claude-opus-5',
  max_tokens: 100,
  messages: [{ role: 'user', content: PRIVATE.prompt }],
}
const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-opus-5-20260901',
  content: [{ type: 'text', text: PRIVATE.answer, citations: null }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 5, cache_read_input_tokens: 16, cache_creation_input_tokens: 2, output_tokens: 7 },
}
const begun = [
  {
    type: 'message_start',
    message: { ...message, content: [], stop_reason: null, usage: { ...message.usage, output_tokens: 1 } },
  },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  ...PRIVATE.answer
    .split(/(?= )/)
    .map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
]
const wholeStream = [
  ...begun,
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 12 } },
  { type: 'message_stop' },
]
const errorOf = (type: string): object => ({
  type: 'error',
  error: { type, message: PRIVATE.answer },
  request_id: 'req_x',
})
const refusal = (status: number, type: string): Reply =>
  answers(errorOf(type), { status, headers: { 'retry-after-ms': '1', 'request-id': `req_${status}` } })

describe('anthropicMiddleware', () => {
  test('records a message under the worker’s step, with Anthropic’s own ids', async () => {
    server.replies.push(answers(message, { headers: { 'request-id': 'req_1' } }))
    const answer = await asWork(() => anthropic.messages.create(ask))
    expect(answer).toMatchObject(message)
    expect(answer).toHaveProperty('_request_id', 'req_1')
    const worker = steps.at(-1)
    expect(told()).toMatchObject([
      {
        name: 'chat claude-opus-5',
        parentId: worker?.id,
        reference: worker?.reference,
        status: 'ok',
        facts: { 'request-id': 'req_1' },
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'anthropic',
          'gen_ai.request.model': 'claude-opus-5',
          'gen_ai.response.model': 'claude-opus-5-20260901',
          'gen_ai.response.id': 'msg_1',
          'gen_ai.response.finish_reasons': 'end_turn',
          // What is cached is counted in.
          'gen_ai.usage.input_tokens': 23,
          'gen_ai.usage.output_tokens': 7,
          'gen_ai.usage.cache_read.input_tokens': 16,
          'gen_ai.usage.cache_creation.input_tokens': 2,
          'http.response.status_code': 200,
        },
      },
    ])
    expect(server.requests[0]?.body).toEqual(ask)
    expect(Object.keys(server.requests[0]?.headers ?? {}).filter((name) => /trace|client-request/.test(name))).toEqual(
      [],
    )
  })

  test('counts each try of the SDK, with Anthropic’s word for what failed', async () => {
    server.replies.push(refusal(529, 'overloaded_error'), refusal(429, 'rate_limit_error'), answers(message))
    await asWork(() => anthropic.messages.create(ask))
    expect(
      told().map(({ attempt, error, attributes, facts }) => [
        attempt,
        error?.type,
        attributes?.['http.response.status_code'],
        facts?.['request-id'],
      ]),
    ).toEqual([
      [undefined, 'overloaded_error', 529, 'req_529'],
      [2, 'rate_limit_error', 429, 'req_429'],
      [3, undefined, 200, undefined],
    ])
  })

  test('records counts of tokens, and leaves alone what calls no model', async () => {
    server.replies.push(answers({ input_tokens: 14 }), ...[1, 2, 3].map(() => answers({ id: 'x', data: [] })))
    await anthropic.messages.countTokens({ model: 'claude-opus-5', messages: ask.messages })
    await anthropic.models.list()
    await anthropic.messages.batches.create({ requests: [{ custom_id: 'a', params: ask }] })
    await anthropic.beta.files.upload({ file: new File([PRIVATE.prompt], 'jane.txt') })
    expect(server.requests).toHaveLength(4)
    expect(told().map(({ name, status }) => [name, status])).toEqual([['count_tokens claude-opus-5', 'ok']])
  })

  test('says the prompt, lets Anthropic have the trace where that is wanted, and tells no call twice', async () => {
    const stop = traceOutgoing(waybill, { origins: [{ origin: server.url, hop: 'model' }] })
    server.replies.push(answers(message))
    await asWork(() =>
      withPrompt(waybill, { name: 'refund-review', version: '7' }, () => anthropic.messages.create(ask)),
    )
    stop()
    expect(told()).toMatchObject([
      { attributes: { 'gen_ai.prompt.name': 'refund-review', 'gen_ai.prompt.version': '7' } },
    ])
    expect(parseTraceparent(server.requests[0]?.headers.traceparent)?.spanId).toBe(told()[0]?.id)
  })
})

describe('a stream', () => {
  test.each([false, true])('lasts until its end and arrives as it was sent (gzip: %s)', async (zip) => {
    server.replies.push(events(wholeStream, { zip }))
    const raw = await asWork(() => anthropic.messages.create({ ...ask, stream: true }).asResponse())
    expect(told()).toEqual([])
    expect(await raw.text()).toBe(wholeStream.map(eventText).join(''))
    expect(told()).toMatchObject([
      {
        status: 'ok',
        attributes: {
          'gen_ai.response.id': 'msg_1',
          'gen_ai.response.model': 'claude-opus-5-20260901',
          'gen_ai.response.finish_reasons': 'end_turn',
          'gen_ai.usage.input_tokens': 23,
          'gen_ai.usage.output_tokens': 12,
        },
      },
    ])
  })

  test('reaches the SDK’s own helper whole', async () => {
    server.replies.push(events(wholeStream))
    const final = await asWork(() => anthropic.messages.stream(ask).finalMessage())
    expect(final.content).toMatchObject([{ text: PRIVATE.answer }])
    expect(errorTypes()).toEqual([undefined])
  })

  test.each<[string, Reply, string]>([
    ['breaks off', events(begun, { ending: 'reset' }), 'UND_ERR_SOCKET'],
    ['ends before its last event', events(begun), 'incomplete_answer'],
    ['holds an error', events([...begun, errorOf('overloaded_error')]), 'overloaded_error'],
    [
      'holds an event that is no JSON',
      events([...begun, `event: ping\ndata: {"type": ${PRIVATE.answer}\n\n`]),
      'malformed_answer',
    ],
  ])('that %s is a failure', async (_, reply, type) => {
    server.replies.push(reply)
    await asWork(async () => readAll(await anthropic.messages.create({ ...ask, stream: true }))).catch(() => undefined)
    await expect.poll(errorTypes).toEqual([type])
  })

  test('that is left, aborted or out of time ends so', async () => {
    server.replies.push(...[1, 2, 3].map(() => events(begun, { ending: 'stall' })))
    const stream = (signal?: AbortSignal) => anthropic.messages.create({ ...ask, stream: true }, { signal })
    for await (const _ of await stream()) break
    const controller = new AbortController()
    await stream(controller.signal)
    controller.abort(new Error(PRIVATE.answer))
    await stream(AbortSignal.timeout(500))
    await expect.poll(errorTypes).toEqual(['AbortError', 'AbortError', 'timeout'])
  })
})

describe('a call without an answer', () => {
  test.each<[string, () => object, string]>([
    ['in the SDK’s own time', () => ({ timeout: 80 }), 'timeout'],
    ['in the caller’s time', () => ({ signal: AbortSignal.timeout(80) }), 'timeout'],
    ['that the caller aborts', () => ({ signal: abortedIn(80) }), 'AbortError'],
  ])('%s says so', async (_, options, type) => {
    await expect(anthropic.messages.create(ask, { maxRetries: 0, ...options() })).rejects.toThrow()
    expect(errorTypes()).toEqual([type])
  })

  test('because nobody is there says so, by each try', async () => {
    const gone = await startModelServer()
    await gone.stop()
    const away = anthropic.withOptions({ baseURL: gone.url, maxRetries: 1 })
    await expect(away.messages.create(ask)).rejects.toThrow('Connection error')
    expect(errorTypes()).toEqual(['ECONNREFUSED', 'ECONNREFUSED'])
  })
})

function abortedIn(ms: number): AbortSignal {
  const controller = new AbortController()
  setTimeout(() => controller.abort(), ms)
  return controller.signal
}

test('tools that the SDK runs are steps beside the model’s', async () => {
  const use = {
    type: 'tool_use',
    id: 'toolu_1',
    name: 'lookUp',
    input: { email: PRIVATE.prompt, usage: { input_tokens: 9 } },
  }
  server.replies.push(answers({ ...message, content: [use], stop_reason: 'tool_use' }), answers(message))
  const lookUp = {
    type: 'custom',
    name: 'lookUp',
    description: 'charges',
    input_schema: { type: 'object' },
    parse: (input: unknown) => input,
    run: tracedTool(waybill, 'lookUp', () => PRIVATE.answer),
  } as const
  await asWork(() =>
    anthropic.beta.messages.toolRunner({ ...ask, messages: [{ role: 'user', content: 'hi' }], tools: [lookUp] }),
  )
  const worker = steps.at(-1)
  expect(steps.filter(({ hop }) => hop === 'tool')).toMatchObject([
    { name: 'lookUp', parentId: worker?.id, status: 'ok' },
  ])
  expect(told().map(({ attributes }) => attributes?.['gen_ai.response.finish_reasons'])).toEqual([
    'tool_use',
    'end_turn',
  ])
})

test('keeps 100 parallel calls apart', async () => {
  const references = Array.from({ length: 100 }, () => waybill.mint().reference)
  server.replies.push(
    ...references.map(
      (): Reply => (reply, body) => answers({ ...message, id: `msg_${Object(body).messages[0].content}` })(reply, body),
    ),
  )
  await Promise.all(
    references.map((reference) =>
      waybill.resume(waybill.accept({ 'Trace-Reference': reference }), () =>
        anthropic.messages.create({ ...ask, messages: [{ role: 'user', content: reference }] }),
      ),
    ),
  )
  const wrong = told().filter(({ reference, attributes }) => attributes?.['gen_ai.response.id'] !== `msg_${reference}`)
  expect([told().length, wrong.length]).toEqual([100, 0])
})

test('brings nothing of a prompt or an answer to the desk', async () => {
  const desk = await startDesk()
  const reporting = createWaybill({ service: 'refund-worker', deliverTo: desk.url })
  const asking = client(reporting).withOptions({ maxRetries: 0 })
  server.replies.push(answers(message), events(wholeStream), refusal(400, 'invalid_request_error'))
  await asking.messages.create(ask)
  await readAll(await asking.messages.create({ ...ask, stream: true }))
  await asking.messages.create(ask).catch(() => undefined)
  await reporting.stop()
  await desk.stop()
  expect(JSON.stringify(desk.resourceSpans)).toContain('invalid_request_error')
  expect(JSON.stringify(desk.resourceSpans)).not.toMatch(PRIVATE_PARTS)
})
