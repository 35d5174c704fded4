import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { createOpenAI } from '@ai-sdk/openai'
import { parseTraceparent } from '@waybill/reference'
import { createWaybill, tracedTool, withPrompt } from '@waybill/server'
import { traceModels } from '@waybill/server/ai'
import { traceOutgoing } from '@waybill/server/http-out'
import { openaiFetch } from '@waybill/server/openai'
import { outcomeOf } from '@waybill/trail'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { collectModelCalls, readAll } from '../fixtures/collectModelCalls.ts'
import { startDesk } from '../fixtures/startDesk.ts'
import { answers, events, eventText, startModelServer } from '../fixtures/startModelServer.ts'
import type { ModelServer, Reply } from '../fixtures/startModelServer.ts'
import { PRIVATE, PRIVATE_PARTS } from '../fixtures/privateText.ts'

const { waybill, steps, faults, told, errorTypes, asWork } = collectModelCalls()
let server: ModelServer
let openai: OpenAI

beforeAll(async () => {
  server = await startModelServer()
  openai = client()
})
afterAll(() => server.stop())
beforeEach(() => {
  server.requests.length = server.replies.length = 0
})

const client = (options: ConstructorParameters<typeof OpenAI>[0] = {}): OpenAI =>
  new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'k', logLevel: 'off', fetch: openaiFetch(waybill), ...options })

const chat: OpenAI.ChatCompletionCreateParamsNonStreaming = {
  model: 'gpt-5',
  messages: [{ role: 'user', content: PRIVATE.prompt }],
}
const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-5-2026-01-01',
  choices: [{ index: 0, message: { role: 'assistant', content: PRIVATE.answer }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 21, completion_tokens: 7, total_tokens: 28, prompt_tokens_details: { cached_tokens: 16 } },
}
const chunk = (content: string, finish_reason: string | null = null): object => ({
  id: 'chatcmpl-2',
  object: 'chat.completion.chunk',
  created: 1,
  model: 'gpt-5-2026-01-01',
  choices: [{ index: 0, delta: { content }, finish_reason }],
})
const lastChunk = { ...chunk(''), choices: [], usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 } }
const words = PRIVATE.answer.split(/(?= )/).map((word) => chunk(word))
const wholeStream = [...words, chunk('', 'stop'), lastChunk, 'data: [DONE]\n\n']
const response = {
  id: 'resp_1',
  object: 'response',
  model: 'gpt-5-2026-01-01',
  status: 'completed',
  error: null,
  incomplete_details: null,
  instructions: PRIVATE.prompt,
  output: [
    { type: 'message', id: 'msg_1', role: 'assistant', content: [{ type: 'output_text', text: PRIVATE.answer }] },
  ],
  usage: { input_tokens: 30, output_tokens: 4, input_tokens_details: { cached_tokens: 8 }, total_tokens: 34 },
}
const refusal = (status: number, error: object): Reply =>
  answers(
    { error: { message: `${PRIVATE.answer} is too much`, param: PRIVATE.prompt, ...error } },
    { status, headers: { 'retry-after-ms': '1', 'x-request-id': `req_${status}` } },
  )

describe('openaiFetch', () => {
  test('records a chat completion under the worker’s step, with OpenAI’s own ids', async () => {
    server.replies.push(answers(completion, { headers: { 'x-request-id': 'req_1' } }))
    const answer = await asWork(() => openai.chat.completions.create(chat))
    expect(answer).toMatchObject(completion)
    expect(answer).toHaveProperty('_request_id', 'req_1')
    const worker = steps.at(-1)
    expect(told()).toMatchObject([
      {
        name: 'chat gpt-5',
        parentId: worker?.id,
        reference: worker?.reference,
        status: 'ok',
        facts: { 'x-request-id': 'req_1' },
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai',
          'gen_ai.request.model': 'gpt-5',
          'gen_ai.response.model': 'gpt-5-2026-01-01',
          'gen_ai.response.id': 'chatcmpl-1',
          'gen_ai.response.finish_reasons': 'stop',
          'gen_ai.usage.input_tokens': 21,
          'gen_ai.usage.output_tokens': 7,
          'gen_ai.usage.cache_read.input_tokens': 16,
          'http.response.status_code': 200,
          'server.address': new URL(server.url).host,
        },
      },
    ])
    expect(told()[0]).not.toHaveProperty('attempt', expect.anything())
    expect(steps.map(({ status }) => status)).toEqual(['running', 'ok', 'ok'])
    const [request] = server.requests
    expect(request?.body).toEqual(chat)
    expect(request?.headers['x-client-request-id']).toBe(`${worker?.reference}.${told()[0]?.id}`)
    expect(request?.headers).not.toHaveProperty('traceparent')
  })

  test('records responses: the prompt that OpenAI stores, why one is incomplete, and what failed', async () => {
    server.replies.push(
      answers(response),
      answers({ ...response, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }),
      answers({ ...response, status: 'failed', error: { code: 'server_error', message: PRIVATE.answer } }),
    )
    const prompt = { id: 'pmpt_1', version: '3', variables: { name: PRIVATE.prompt, model: 'Jane', version: 'Jane' } }
    await openai.responses.create({ model: 'gpt-5', prompt, input: PRIVATE.prompt })
    await openai.responses.create({ model: 'gpt-5', input: PRIVATE.prompt })
    await openai.responses.create({ model: 'gpt-5', input: PRIVATE.prompt })
    expect(told().map(({ attributes }) => attributes)).toMatchObject([
      {
        'gen_ai.prompt.name': 'pmpt_1',
        'gen_ai.prompt.version': '3',
        'gen_ai.response.id': 'resp_1',
        'gen_ai.response.finish_reasons': 'completed',
        'gen_ai.usage.input_tokens': 30,
        'gen_ai.usage.output_tokens': 4,
        'gen_ai.usage.cache_read.input_tokens': 8,
      },
      { 'gen_ai.response.finish_reasons': 'max_output_tokens' },
      { 'gen_ai.response.finish_reasons': 'failed' },
    ])
    expect(errorTypes()).toEqual([undefined, undefined, 'server_error'])
  })

  test('records embeddings, moderations and images as plain calls, and of an endpoint it does not know the route only', async () => {
    const usage = { prompt_tokens: 5, total_tokens: 5 }
    server.replies.push(
      answers({ object: 'list', data: [{ embedding: [0.5, -1e-7], index: 0 }], model: 'embed-1', usage }),
      answers({ id: 'modr-1', model: 'omni', results: [{ flagged: true }] }),
      answers({
        created: 1,
        data: [{ b64_json: 'iVBORw0KGgo='.repeat(10_000) }],
        usage: { input_tokens: 3, output_tokens: 9 },
      }),
      answers({ id: 'x', model: 'y', usage: { input_tokens: 1 } }),
    )
    await openai.embeddings.create({ model: 'embed-1', input: PRIVATE.prompt, encoding_format: 'float' })
    await openai.moderations.create({ model: 'omni', input: PRIVATE.prompt })
    await openai.images.generate({ model: 'gpt-image-1', prompt: PRIVATE.prompt })
    await openai.post('/rerankings/jane-4111', { body: { model: 'm', query: PRIVATE.prompt } })
    expect(told().map(({ name, attributes }) => [name, attributes?.['gen_ai.usage.input_tokens']])).toEqual([
      ['embeddings embed-1', 5],
      ['moderation omni', undefined],
      ['image_generation gpt-image-1', 3],
      ['POST /v1/rerankings/:id', undefined],
    ])
    expect(told()[3]?.attributes).not.toHaveProperty('gen_ai.response.id')
    expect(errorTypes()).toEqual([undefined, undefined, undefined, undefined])
  })

  test('leaves alone what calls no model', async () => {
    server.replies.push(...Array.from({ length: 4 }, () => answers({ id: 'x', data: [] })))
    await openai.models.list()
    await openai.responses.retrieve('resp_1')
    await openai.batches.create({ input_file_id: 'f', endpoint: '/v1/responses', completion_window: '24h' })
    await openai.files.create({ file: new File([PRIVATE.prompt], 'jane.jsonl'), purpose: 'batch' })
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /v1/models',
      'GET /v1/responses/resp_1',
      'POST /v1/batches',
      'POST /v1/files',
    ])
    expect(server.requests.filter(({ headers }) => 'x-client-request-id' in headers)).toEqual([])
    expect(steps).toEqual([])
  })

  test('counts each try of the SDK, with OpenAI’s word for what failed', async () => {
    server.replies.push(
      refusal(429, { type: 'requests', code: 'rate_limit_exceeded' }),
      refusal(500, { type: 'server_error', code: null }),
      answers(completion),
    )
    const context = waybill.mint()
    await waybill.resume(context, () =>
      waybill.run({ hop: 'worker', name: 'refunds', attempt: 2 }, () => openai.chat.completions.create(chat)),
    )
    expect(
      told().map(({ attempt, error, attributes, facts }) => [
        attempt,
        error?.type,
        attributes?.['http.request.resend_count'],
        attributes?.['http.response.status_code'],
        facts?.['x-request-id'],
      ]),
    ).toEqual([
      [2, 'rate_limit_exceeded', undefined, 429, 'req_429'],
      [3, 'server_error', 1, 500, 'req_500'],
      [4, undefined, 2, 200, undefined],
    ])
    expect(new Set(told().map(({ reference }) => reference))).toEqual(new Set([context.reference]))
    expect(new Set(server.requests.map(({ headers }) => headers['x-client-request-id'])).size).toBe(3)
    expect(outcomeOf(steps)).toMatchObject({ state: 'succeeded' })
  })

  test.each<[string, Reply, string]>([
    [
      'its type where it has no code',
      refusal(400, { type: 'invalid_request_error', code: null }),
      'invalid_request_error',
    ],
    ['the status where its words are somebody’s', refusal(401, { code: PRIVATE.prompt, type: 'card 4111' }), '401'],
    ['the status where a number hides in them', refusal(401, { code: 'card_4111111111111111' }), '401'],
    [
      'the status of a page that is no JSON',
      answers(`<h1>${PRIVATE.answer}</h1>`, { status: 403, headers: { 'content-type': 'text/html' } }),
      '403',
    ],
    ['malformed JSON', answers(`{"id":"x","choices":[{"message":${PRIVATE.answer}`), 'malformed_answer'],
    ['half an answer', answers('{"id":"chatcmpl-9","choices":[{"message":{"content":"Dear Jane'), 'incomplete_answer'],
    [
      'an error that comes as a success',
      answers({ error: { code: 'upstream_error', message: PRIVATE.answer } }),
      'upstream_error',
    ],
  ])('tells %s', async (_, reply, type) => {
    server.replies.push(reply)
    await asWork(() => openai.chat.completions.create(chat, { maxRetries: 0 })).catch(() => undefined)
    expect(errorTypes()).toEqual([type])
  })

  test('gives back what it cannot watch as it came, and what cannot be sent fails as without us', async () => {
    const json = new Headers({ 'content-type': 'application/json' })
    const odd: unknown = { status: 200, headers: json, body: Readable.from([PRIVATE.answer]) }
    const answered = [odd, Response.error(), {}] as Response[]
    const fetch = openaiFetch(waybill, { fetch: () => Promise.resolve(answered[told().length]!) })
    const url = `${server.url}/v1/responses`
    for (const answer of answered) expect(await fetch(url, { method: 'POST' })).toBe(answer)
    expect(told().map(({ name, status }) => [name, status])).toEqual(answered.map(() => ['chat model', 'ok']))
    // The last was no response at all.
    expect(faults.splice(0)).toHaveLength(1)
    await expect(openaiFetch(waybill)('jane', { method: 'POST' })).rejects.toThrow('Failed to parse URL')
    const headers = { authorization: 'Bearer jane\u0000' }
    await expect(openaiFetch(waybill)(url, { method: 'POST', headers })).rejects.toThrow('header value')
    expect(told()).toHaveLength(3)
  })

  test('tells a server that is not there by the code of the failure', async () => {
    const gone = await startModelServer()
    await gone.stop()
    const away = client({ baseURL: gone.url, maxRetries: 1 })
    await expect(asWork(() => away.chat.completions.create(chat))).rejects.toThrow('Connection error')
    expect(errorTypes()).toEqual(['ECONNREFUSED', 'ECONNREFUSED'])
  })
})

describe('a stream', () => {
  const stream = (options: { signal?: AbortSignal; timeout?: number } = {}) =>
    openai.chat.completions.create(
      { ...chat, stream: true, stream_options: { include_usage: true } },
      { maxRetries: 0, ...options },
    )

  test.each([false, true])('lasts until its end and arrives as it was sent (gzip: %s)', async (zip) => {
    server.replies.push(events(wholeStream, { zip, headers: { 'x-request-id': 'req_s' } }))
    const answer = await asWork(async () => {
      const raw = await stream().asResponse()
      expect(raw.url).toBe(`${server.url}/v1/chat/completions`)
      expect(told()).toEqual([])
      return raw.text()
    })
    expect(answer).toBe(wholeStream.map(eventText).join(''))
    expect(told()).toMatchObject([
      {
        status: 'ok',
        facts: { 'x-request-id': 'req_s' },
        attributes: {
          'gen_ai.response.id': 'chatcmpl-2',
          'gen_ai.response.finish_reasons': 'stop',
          'gen_ai.usage.input_tokens': 9,
          'gen_ai.usage.output_tokens': 2,
        },
      },
    ])
  })

  test('reaches the SDK as without us, and says that it goes on meanwhile', async () => {
    server.replies.push(events(wholeStream))
    let text = ''
    await asWork(async () => {
      for await (const part of await stream()) {
        expect(steps.map(({ status }) => status)).toEqual(['running'])
        text += part.choices[0]?.delta.content ?? ''
      }
    })
    expect(text).toBe(PRIVATE.answer)
    expect(errorTypes()).toEqual([undefined])
  })

  test('of responses says who answered and how it ended', async () => {
    const created = { type: 'response.created', response: { ...response, status: 'in_progress', usage: null } }
    const delta = { type: 'response.output_text.delta', item_id: 'msg_1', delta: PRIVATE.answer }
    const failure = { code: 'rate_limit_exceeded', message: PRIVATE.answer }
    server.replies.push(
      events([created, delta, { type: 'response.completed', response }]),
      events([
        created,
        delta,
        { type: 'response.failed', response: { ...response, status: 'failed', error: failure } },
      ]),
      events([created, { type: 'error', code: 'server_error', message: PRIVATE.answer, param: null }]),
      events([created, delta]),
    )
    for (let i = 0; i < 4; i++) {
      const parts = await openai.responses.create({ model: 'gpt-5', input: PRIVATE.prompt, stream: true })
      await readAll(parts).catch(() => undefined)
    }
    expect(told()[0]).toMatchObject({
      attributes: {
        'gen_ai.response.id': 'resp_1',
        'gen_ai.usage.input_tokens': 30,
        'gen_ai.response.finish_reasons': 'completed',
      },
    })
    expect(errorTypes()).toEqual([undefined, 'rate_limit_exceeded', 'server_error', 'incomplete_answer'])
    expect(told()[3]?.attributes).not.toHaveProperty('gen_ai.response.finish_reasons')
  })

  test('that its reader leaves is cancelled, at the server too', async () => {
    let isClosed = false
    server.replies.push((reply) => {
      reply.on('close', () => (isClosed = true))
      events(words, { ending: 'stall' })(reply, undefined)
    })
    await asWork(async () => {
      for await (const _ of await stream()) break
    })
    expect(errorTypes()).toEqual(['AbortError'])
    await expect.poll(() => isClosed).toBe(true)
  })

  test('that is aborted or out of time while nobody reads ends so', async () => {
    server.replies.push(events(words, { ending: 'stall' }), events(words, { ending: 'stall' }))
    const controller = new AbortController()
    await stream({ signal: controller.signal })
    controller.abort(new Error(PRIVATE.answer))
    await stream({ signal: AbortSignal.timeout(500) })
    await expect.poll(errorTypes).toEqual(['AbortError', 'timeout'])
  })

  test.each<[string, Reply, string]>([
    ['breaks off', events(words, { ending: 'reset' }), 'UND_ERR_SOCKET'],
    ['ends before its last event', events(words), 'incomplete_answer'],
    [
      'holds an event that is no JSON',
      events([...words, `data: {"choices": ${PRIVATE.answer}\n\n`], { ending: 'stall' }),
      'malformed_answer',
    ],
    [
      'holds an error',
      events([...words, { error: { code: 'server_error', message: PRIVATE.answer } }], { ending: 'stall' }),
      'server_error',
    ],
  ])('that %s is a failure', async (_, reply, type) => {
    server.replies.push(reply)
    await asWork(async () => readAll(await stream())).catch(() => undefined)
    await expect.poll(errorTypes).toEqual([type])
  })

  test('is read at the reader’s pace', async () => {
    let sent = 0
    const piece = new TextEncoder().encode(eventText(chunk('x'.repeat(1000))))
    const source = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          controller.enqueue(piece)
          if (++sent === 50) controller.close()
        },
      },
      { highWaterMark: 0 },
    )
    const fetch = async () => new Response(source, { headers: { 'content-type': 'text/event-stream' } })
    const raw = await client({ fetch: openaiFetch(waybill, { fetch }) })
      .chat.completions.create({ ...chat, stream: true })
      .asResponse()
    const reader = raw.body!.getReader()
    await sleep(5)
    expect(sent).toBe(0)
    await reader.read()
    await reader.read()
    await sleep(5)
    expect(sent).toBe(2)
    await reader.cancel()
    expect(errorTypes()).toEqual(['AbortError'])
  })
})

describe('a call without an answer', () => {
  test.each<[string, () => object]>([
    ['in the SDK’s own time', () => ({ timeout: 80 })],
    ['in its own time of whole seconds', () => ({ timeout: 1000 })],
    ['in the caller’s time', () => ({ signal: AbortSignal.timeout(80) })],
  ])('%s timed out', async (_, limit) => {
    await expect(openai.chat.completions.create(chat, { maxRetries: 0, ...limit() })).rejects.toThrow()
    expect(errorTypes()).toEqual(['timeout'])
    expect(told()[0]?.durationMs).toBeGreaterThan(20)
  })

  test('that the caller aborts was cancelled', async () => {
    const controller = new AbortController()
    const call = openai.chat.completions.create(chat, { signal: controller.signal })
    await expect.poll(() => server.requests.length).toBe(1)
    controller.abort()
    await expect(call).rejects.toThrow('aborted')
    expect(errorTypes()).toEqual(['AbortError'])
  })
})

describe('beside other traces', () => {
  let stops: (() => void)[] = []
  afterEach(() => {
    for (const stop of stops.splice(0)) stop()
  })

  test('traceOutgoing lets OpenAI have the trace, and tells no call a second time', async () => {
    stops = [traceOutgoing(waybill, { origins: [{ origin: server.url, hop: 'model' }] })]
    server.replies.push(answers(completion, { headers: { 'x-request-id': 'req_1' } }))
    await asWork(() => openai.chat.completions.create(chat, { headers: { 'X-Client-Request-Id': 'mine' } }))
    expect(told()).toMatchObject([{ name: 'chat gpt-5', facts: { 'x-request-id': 'req_1' } }])
    const headers = server.requests[0]?.headers
    expect(headers).toMatchObject({ 'trace-reference': told()[0]?.reference, 'x-client-request-id': 'mine' })
    expect(parseTraceparent(headers?.traceparent)?.spanId).toBe(told()[0]?.id)
  })

  test('the AI SDK’s step gets what it does not know by itself', async () => {
    stops = [traceModels(waybill), traceOutgoing(waybill, { origins: [{ origin: server.url, hop: 'model' }] })]
    server.replies.push(
      answers(completion, { headers: { 'x-request-id': 'req_1' } }),
      events(wholeStream, { headers: { 'x-request-id': 'req_2' } }),
    )
    const model = createOpenAI({ baseURL: `${server.url}/v1`, apiKey: 'k', fetch: openaiFetch(waybill) }).chat('gpt-5')
    await asWork(() => generateText({ model, prompt: PRIVATE.prompt }))
    await asWork(async () => {
      for await (const _ of streamText({ model, prompt: PRIVATE.prompt }).textStream);
    })
    await expect.poll(() => told().length).toBe(2)
    expect(told()).toMatchObject([
      {
        facts: { 'x-request-id': 'req_1' },
        attributes: { 'gen_ai.provider.name': 'openai.chat', 'gen_ai.usage.input_tokens': 21 },
      },
      {
        facts: { 'x-request-id': 'req_2' },
        attributes: { 'gen_ai.response.id': 'chatcmpl-2', 'gen_ai.usage.input_tokens': 9 },
      },
    ])
  })
})

test('tells the prompt that the application says, and leaves out what is none’s name', async () => {
  server.replies.push(answers(completion), answers(completion), answers(completion))
  await withPrompt(waybill, { name: 'refund-review', version: 7 }, () => openai.chat.completions.create(chat))
  await withPrompt(waybill, { name: PRIVATE.prompt, version: '1.2' }, () => openai.chat.completions.create(chat))
  await openai.chat.completions.create(chat)
  expect(faults.map(String)).toEqual([
    expect.stringMatching(/^TypeError: \[waybill\] The name of a prompt was left out/),
  ])
  expect(String(faults)).not.toMatch(PRIVATE_PARTS)
  faults.length = 0
  expect(
    told().map(({ attributes }) => [attributes?.['gen_ai.prompt.name'], attributes?.['gen_ai.prompt.version']]),
  ).toEqual([
    ['refund-review', '7'],
    [undefined, '1.2'],
    [undefined, undefined],
  ])
})

test('tools that the SDK runs are steps beside the model’s', async () => {
  const call = (id: string, name: string) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify({ email: PRIVATE.prompt }) },
  })
  const asks = { role: 'assistant', content: null, tool_calls: [call('call_1', 'lookUp'), call('call_2', 'fails')] }
  server.replies.push(
    answers({ ...completion, choices: [{ index: 0, message: asks, finish_reason: 'tool_calls' }] }),
    answers(completion),
  )
  const tool = (name: string, fn: (input: { email: string }) => string | Promise<string>) =>
    ({
      type: 'function',
      function: { name, description: name, parameters: {}, parse: JSON.parse, function: tracedTool(waybill, name, fn) },
    }) as const
  const tools = [
    tool('lookUp', () => PRIVATE.answer),
    tool('fails', () => Promise.reject(new RangeError(PRIVATE.answer))),
  ]
  await asWork(() => openai.chat.completions.runTools({ ...chat, tools }).finalContent()).catch(() => undefined)
  const worker = steps.at(-1)
  expect(steps.filter(({ hop }) => hop === 'tool')).toMatchObject([
    { name: 'lookUp', parentId: worker?.id, status: 'ok', attributes: { 'gen_ai.tool.name': 'lookUp' } },
    { name: 'fails', parentId: worker?.id, error: { type: 'RangeError' } },
  ])
  expect(told()[0]?.attributes).toMatchObject({ 'gen_ai.response.finish_reasons': 'tool_calls' })
})

test('keeps 100 parallel calls apart, and a call outside of a context has a reference of its own', async () => {
  const references = Array.from({ length: 100 }, () => waybill.mint().reference)
  server.replies.push(
    ...[...references, ''].map((): Reply => (reply, body) => {
      const said = Object(body).messages[0].content
      answers({ ...completion, id: `chatcmpl-${said}` })(reply, body)
    }),
  )
  const ask = (content: string) =>
    openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content }] })
  await Promise.all(
    references.map((reference) =>
      waybill.resume(waybill.accept({ 'Trace-Reference': reference }), () => ask(reference)),
    ),
  )
  const wrong = told().filter(
    ({ reference, attributes }) => attributes?.['gen_ai.response.id'] !== `chatcmpl-${reference}`,
  )
  expect([told().length, wrong.length]).toEqual([100, 0])
  await ask('none')
  expect(references).not.toContain(told().at(-1)?.reference)
})

test('brings nothing of a prompt or an answer to the desk', async () => {
  const desk = await startDesk()
  const reporting = createWaybill({ service: 'refund-worker', deliverTo: desk.url })
  const asking = client({ fetch: openaiFetch(reporting), maxRetries: 0 })
  server.replies.push(answers(completion), events(wholeStream), refusal(400, { code: 'context_length_exceeded' }))
  await asking.chat.completions.create(chat)
  await readAll(await asking.chat.completions.create({ ...chat, stream: true }))
  await asking.chat.completions.create(chat).catch(() => undefined)
  await reporting.stop()
  await desk.stop()
  expect(JSON.stringify(desk.resourceSpans)).toContain('context_length_exceeded')
  expect(JSON.stringify(desk.resourceSpans)).not.toMatch(PRIVATE_PARTS)
})
