import { createOpenAI } from '@ai-sdk/openai'
import type { Reference } from '@waybill/reference'
import { parseTraceparent, traceIdOf } from '@waybill/reference'
import { createWaybill, withPrompt } from '@waybill/server'
import { traceModels } from '@waybill/server/ai'
import { traceOutgoing } from '@waybill/server/http-out'
import { outcomeOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { generateText, isStepCount, streamText, tool } from 'ai'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { collectSteps } from '../fixtures/collectSteps.ts'
import { answers, calls, refuses, says, startModelServer, streams } from '../fixtures/startModelServer.ts'
import type { ModelServer } from '../fixtures/startModelServer.ts'

const { steps, listeners } = collectSteps(/jane|dear|4242 4242|visa|charged|capacity/i)
const waybill = createWaybill({ service: 'refund-worker', ...listeners })
let server: ModelServer
let stops: (() => void)[] = []
const prompt = 'Was jane@example.com charged twice?'
const answer = 'Dear Jane, yes: 4242 4242 4242 4242.'

beforeAll(async () => {
  server = await startModelServer()
  stops = [traceModels(waybill), traceOutgoing(waybill, { origins: [server.url] })]
})
afterAll(() => {
  for (const stop of stops) stop()
  return server.stop()
})
beforeEach(() => {
  server.requests.length = server.replies.length = 0
})

const model = () => createOpenAI({ baseURL: server.url, apiKey: 'k' }).chat('m-1')

const lookUp = tool({
  description: 'charges of a customer',
  inputSchema: z.object({ email: z.string() }),
  execute: async ({ email }) => {
    await waybill.run({ hop: 'database', name: 'charges read' }, () => undefined)
    if (email === 'nobody') throw new RangeError('nobody is jane@example.com')
    return { charges: ['visa ending 4242'] }
  },
})

/** Runs `fn` as one attempt of a worker and gives the attempt's own step. */
async function asAttempt(attempt: number, fn: () => Promise<unknown>, reference?: Reference): Promise<Step> {
  const context = reference ? waybill.accept({ 'Trace-Reference': reference }) : waybill.mint()
  const options = { hop: 'worker', name: 'refunds', attempt, maxAttempts: 3, jobId: 'j1' } as const
  await waybill.resume(context, () => waybill.run(options, fn)).catch(() => undefined)
  const own = steps.at(-1)
  if (!own) throw new Error('no step')
  return own
}

const finished = (hop: string): Step[] => steps.filter((step) => step.hop === hop && !step.startedFor)

describe('traceModels', () => {
  test('records model and tool calls under the worker’s step, and the request under the model’s', async () => {
    server.replies.push(calls('lookUp', { email: 'jane@example.com' }), says(answer))
    const worker = await asAttempt(2, async () => {
      const telemetry = { functionId: 'refund-check' }
      const result = await generateText({
        model: model(),
        prompt,
        tools: { lookUp },
        stopWhen: isStepCount(3),
        telemetry,
      })
      expect(result.text).toBe(answer)
    })
    const models = finished('model')
    expect(models).toMatchObject([
      {
        name: 'chat m-1',
        parentId: worker.id,
        attempt: 2,
        status: 'ok',
        attributes: {
          'gen_ai.operation.name': 'chat',
          'gen_ai.provider.name': 'openai.chat',
          'gen_ai.request.model': 'm-1',
          'gen_ai.response.model': 'm-1-2026',
          'gen_ai.response.id': 'chatcmpl-1',
          'gen_ai.response.finish_reasons': 'tool-calls',
          'gen_ai.usage.input_tokens': 21,
          'gen_ai.usage.output_tokens': 7,
          'ai.telemetry.functionId': 'refund-check',
        },
      },
      { attributes: { 'gen_ai.response.finish_reasons': 'stop' } },
    ])
    expect(finished('tool')).toMatchObject([
      { name: 'lookUp', parentId: worker.id, status: 'ok', attributes: { 'gen_ai.tool.call.id': 'call_1' } },
    ])
    expect(finished('database')).toMatchObject([{ parentId: finished('tool')[0]?.id }])
    const parents = server.requests.map(({ headers }) => parseTraceparent(headers.traceparent))
    expect(parents.map((parent) => parent?.spanId)).toEqual(models.map((step) => step.id))
    expect(steps.filter((step) => step.startedFor).map((step) => step.hop)).toEqual(['model', 'model'])
  })

  test('keeps the trace-id over three attempts that stall, and calls them time-outs', async () => {
    const { reference } = waybill.mint()
    for (const attempt of [1, 2, 3]) {
      const stalled = () =>
        generateText({ model: model(), prompt, maxRetries: 0, abortSignal: AbortSignal.timeout(250) })
      await asAttempt(attempt, stalled, reference)
    }
    expect(server.requests.map(({ headers }) => [headers['trace-reference'], headers['trace-attempt']])).toEqual([
      [reference, '1'],
      [reference, '2'],
      [reference, '3'],
    ])
    const traceIds = server.requests.map(({ headers }) => parseTraceparent(headers.traceparent)?.traceId)
    expect(new Set(traceIds)).toEqual(new Set([traceIdOf(reference)]))
    expect(finished('model').map(({ attempt, error }) => [attempt, error?.type])).toEqual([
      [1, 'timeout'],
      [2, 'timeout'],
      [3, 'timeout'],
    ])
    expect(finished('model')[0]?.durationMs).toBeGreaterThan(40)
    expect(outcomeOf(steps)).toMatchObject({ state: 'failed', hop: 'model' })
  })

  test('counts the retries of the SDK itself as steps of their own', async () => {
    server.replies.push(refuses(503), refuses(429), says(answer))
    await asAttempt(1, () => generateText({ model: model(), prompt, maxRetries: 2 }))
    expect(
      finished('model').map(({ error, attributes }) => [
        error?.type,
        attributes?.['http.response.status_code'],
        attributes?.['http.request.resend_count'],
      ]),
    ).toEqual([
      ['AI_APICallError', 503, undefined],
      ['AI_APICallError', 429, 1],
      [undefined, undefined, 2],
    ])
    expect(new Set(finished('model').map((step) => step.id)).size).toBe(3)
  })

  test('tells the prompt, what is cached, and what the provider calls each try', async () => {
    const usage = { prompt_tokens: 21, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 16 } }
    const choices = [{ index: 0, message: { role: 'assistant', content: answer }, finish_reason: 'stop' }]
    const headers = { 'retry-after-ms': '1' }
    server.replies.push(
      answers({ error: { message: answer } }, { status: 503, headers: { ...headers, 'x-request-id': 'req_1' } }),
      answers({ id: 'c', created: 1, model: 'm-1', choices, usage }, { headers: { 'x-request-id': 'req_2' } }),
      answers('{"id": "Dear Jane', { headers: { 'x-request-id': 'for jane@example.com' } }),
    )
    stops.pop()?.()
    const ask = () => generateText({ model: model(), prompt })
    await asAttempt(1, () => withPrompt(waybill, { name: 'refund-review', version: '7' }, ask))
    await asAttempt(1, ask)
    stops.push(traceOutgoing(waybill, { origins: [server.url] }))
    const named = { 'gen_ai.prompt.name': 'refund-review', 'gen_ai.prompt.version': '7' }
    expect(finished('model')).toMatchObject([
      { facts: { 'x-request-id': 'req_1' }, attributes: named },
      { facts: { 'x-request-id': 'req_2' }, attributes: { ...named, 'gen_ai.usage.cache_read.input_tokens': 16 } },
      { status: 'error' },
    ])
    expect(finished('model')[2]?.attributes).not.toHaveProperty('gen_ai.prompt.name')
    expect(finished('model')[2]?.facts).toBeUndefined()
  })

  test('tells a call once, where its requests are told of as well', async () => {
    const stop = traceOutgoing(waybill, { origins: [{ origin: server.url, hop: 'model' }] })
    stops.pop()?.()
    server.replies.push(says(answer))
    await asAttempt(1, () => generateText({ model: model(), prompt }))
    await asAttempt(1, () => fetch(server.url, { method: 'POST', signal: AbortSignal.timeout(50) }))
    stop()
    stops.push(traceOutgoing(waybill, { origins: [server.url] }))
    expect(finished('model').map(({ name }) => name)).toEqual(['chat m-1', 'POST /'])
    expect(parseTraceparent(server.requests[0]?.headers.traceparent)?.spanId).toBe(finished('model')[0]?.id)
  })

  test('records a tool that fails, by the class of its error', async () => {
    server.replies.push(calls('lookUp', { email: 'nobody' }), says(answer))
    await asAttempt(1, () => generateText({ model: model(), prompt, tools: { lookUp }, stopWhen: isStepCount(3) }))
    expect(finished('tool')).toMatchObject([{ status: 'error', error: { type: 'RangeError' } }])
  })

  test('follows a stream until it is done, or until it stalls', async () => {
    server.replies.push(streams(['Dear', ' Jane']), streams(['Dear'], { stall: true }))
    await asAttempt(1, async () => {
      for await (const word of streamText({ model: model(), prompt }).textStream) expect(word).toMatch(/Dear|Jane/)
    })
    expect(finished('model')).toMatchObject([{ status: 'ok', name: 'chat m-1' }])
    await asAttempt(2, async () => {
      const abortSignal = AbortSignal.timeout(80)
      const { textStream } = streamText({ model: model(), prompt, abortSignal, onError: () => undefined })
      for await (const word of textStream) expect(word).toBe('Dear')
    })
    await expect.poll(() => finished('model').length).toBe(2)
    expect(finished('model')[1]).toMatchObject({ attempt: 2, error: { type: 'timeout' } })
  })

  test('keeps 40 interleaved calls apart', async () => {
    const references = Array.from({ length: 40 }, () => waybill.mint().reference)
    server.replies.push(...references.map(() => says(answer)))
    await Promise.all(
      references.map((reference) =>
        waybill.resume(waybill.accept({ 'Trace-Reference': reference }), () =>
          generateText({ model: model(), prompt: reference }),
        ),
      ),
    )
    const wrong = server.requests.filter(
      ({ headers, body }) => !JSON.stringify(body).includes(String(headers['trace-reference'])),
    )
    expect([server.requests.length, wrong.length]).toEqual([40, 0])
  })

  test('leaves calls alone once it is stopped', async () => {
    traceModels(createWaybill({ service: 'other' }))()
    for (const stop of stops) stop()
    server.replies.push(says(answer))
    await asAttempt(1, () => generateText({ model: model(), prompt }))
    expect(finished('model')).toEqual([])
    expect(server.requests[0]?.headers).not.toHaveProperty('traceparent')
  })
})
