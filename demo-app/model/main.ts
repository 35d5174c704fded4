import { Hono } from 'hono'
import { z } from 'zod'
import { runAsChild, setting } from '../launch/childSide.ts'
import { listenLocally } from '../launch/listenLocally.ts'

const request = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.unknown() })),
})

const charges = z.object({ charges: z.array(z.object({ amountCents: z.number() })) })

/**
 * Stands in for a model provider: speaks the OpenAI chat API over HTTP, asks for a look at the charges first, approves a
 * refund of a plain order, and has no answer to a double charge. It logs who called it, never what was said.
 */
await runAsChild(async () => {
  const stallMs = Number(setting('MODEL_STALL_MS'))
  const app = new Hono().post('/v1/chat/completions', async (context) => {
    const parsed = request.safeParse(await context.req.json().catch(() => undefined))
    if (!parsed.success)
      return context.json({ error: { message: 'Not a chat request.', type: 'invalid_request_error' } }, 400)
    const { model, messages } = parsed.data
    const headers = Object.fromEntries(LOGGED.map((name) => [name, context.req.header(name) ?? null]))
    const answer = messages.findLast(({ role }) => role === 'tool')
    console.log(JSON.stringify({ time: new Date().toISOString(), messages: messages.length, ...headers }))
    if (!answer) return context.json(completion(model, { tool_calls: [toolCall(orderIn(messages))] }, 'tool_calls'))
    if (isDoubleCharge(answer.content)) await stall(stallMs, context.req.raw.signal)
    return context.json(completion(model, { content: 'APPROVE' }, 'stop'))
  })
  const { url, stop } = await listenLocally(app.fetch, { port: 0, option: '--port' })
  return { url: `${url}/v1`, stop }
})

const LOGGED = ['traceparent', 'trace-reference', 'trace-attempt'] as const

function completion(model: string, message: object, finishReason: string) {
  return {
    id: `chatcmpl-${crypto.randomUUID()}`,
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1000),
    model,
    choices: [{ index: 0, finish_reason: finishReason, message: { role: 'assistant', content: null, ...message } }],
    usage: { prompt_tokens: 60, completion_tokens: 12, total_tokens: 72 },
  }
}

function toolCall(orderId: string) {
  const called = { name: 'lookup_charges', arguments: JSON.stringify({ orderId }) }
  return { id: `call_${crypto.randomUUID()}`, type: 'function', function: called }
}

function orderIn(messages: readonly { content: unknown }[]): string {
  return /A-\d+/.exec(JSON.stringify(messages))?.[0] ?? ''
}

function isDoubleCharge(content: unknown): boolean {
  const text = typeof content === 'string' ? content : '{}'
  const parsed = charges.safeParse(JSON.parse(text))
  const amounts = parsed.success ? parsed.data.charges.map(({ amountCents }) => amountCents) : []
  return new Set(amounts).size < amounts.length
}

function stall(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
