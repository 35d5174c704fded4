import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { decodeOtlp, outcomeOf, stepWords, worksOf } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import { describe, expect, test } from 'vitest'

const reference = mintReference()
type Value = string | number | boolean
const KINDS = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5, untold: 0 }

interface Foreign {
  readonly name?: string
  readonly attributes?: Readonly<Record<string, Value>>
  readonly failed?: boolean
  readonly parentSpanId?: string
}

/** A span as an SDK without code of ours sends it. */
function spanOf(kind: keyof typeof KINDS, { failed, attributes = {}, ...fields }: Foreign): object {
  return {
    spanId: mintSpanId(),
    traceId: traceIdOf(reference),
    kind: KINDS[kind],
    startTimeUnixNano: '1796011996000000000',
    endTimeUnixNano: '1796011996250000000',
    attributes: Object.entries(attributes).map(([key, value]) => ({
      key,
      value:
        typeof value === 'string'
          ? { stringValue: value }
          : typeof value === 'boolean'
            ? { boolValue: value }
            : { intValue: String(value) },
    })),
    ...(failed && { status: { code: 2 } }),
    ...fields,
  }
}

function stepsOf(...spans: readonly object[]): readonly Step[] {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
  return decodeOtlp({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }).steps
}

function told(step: Step | undefined): string {
  if (!step) return 'nothing'
  const { subject, deed, trouble } = stepWords(step)
  return `${subject} ${deed}${trouble ? `; ${trouble}` : ''}`
}

const http = { 'http.request.method': 'POST', 'http.response.status_code': 201 }
const oldHttp = { 'http.method': 'POST', 'http.status_code': 201 }
const rabbit = { 'messaging.system': 'rabbitmq' }

describe.each<[string, readonly (readonly [keyof typeof KINDS, Foreign, string])[]]>([
  [
    'HTTP',
    [
      ['server', { name: 'POST /orders/{id}', attributes: http }, 'shop answered POST /orders/{id} with 201'],
      ['server', { name: 'POST /orders/{id}', attributes: oldHttp }, 'shop answered POST /orders/{id} with 201'],
      [
        'server',
        { name: 'POST', attributes: { ...http, 'url.path': '/orders/A-1' } },
        'shop answered POST /orders/:id with 201',
      ],
      [
        'server',
        { name: 'HTTP POST', attributes: { ...oldHttp, 'http.target': '/orders/A-1?mail=a@b.c' } },
        'shop answered POST /orders/:id with 201',
      ],
      ['server', { name: 'POST', attributes: http }, 'shop answered POST with 201'],
      [
        'server',
        { name: 'POST /pay', attributes: { 'http.status_code': 503 } },
        'shop answered POST /pay; the answer was 503',
      ],
      [
        'client',
        { name: 'POST', attributes: { ...http, 'server.address': 'bank.example' } },
        'shop called POST at bank.example, which answered 201',
      ],
      [
        'client',
        { name: 'POST', attributes: { ...oldHttp, 'net.peer.name': 'bank.example' } },
        'shop called POST at bank.example, which answered 201',
      ],
      ['client', { name: 'HTTP POST', attributes: oldHttp }, 'shop called HTTP POST, which answered 201'],
      [
        'client',
        { name: 'POST', attributes: { 'error.type': 'ETIMEDOUT' }, failed: true },
        'shop called POST; it timed out after 250 ms',
      ],
    ],
  ],
  [
    'RPC',
    [
      [
        'server',
        { name: 'shop.Cart/Get', attributes: { 'rpc.system.name': 'grpc', 'rpc.response.status_code': 'OK' } },
        'shop answered shop.Cart/Get',
      ],
      [
        'client',
        { name: 'shop.Cart/Get', attributes: { 'rpc.system': 'grpc', 'server.address': 'cart' } },
        'shop called shop.Cart/Get at cart',
      ],
      [
        'client',
        { name: 'shop.Cart/Get', attributes: { 'rpc.system': 'grpc', 'rpc.grpc.status_code': 4 }, failed: true },
        'shop called shop.Cart/Get; it timed out after 250 ms',
      ],
      [
        'client',
        { name: 'shop.Cart/Get', attributes: { 'rpc.system': 'grpc', 'rpc.grpc.status_code': 14 }, failed: true },
        'shop called shop.Cart/Get; it failed (UNAVAILABLE)',
      ],
      ['client', { name: 'S3.PutObject', attributes: { 'rpc.system': 'aws-api' } }, 'shop called S3.PutObject'],
    ],
  ],
  [
    'databases',
    [
      [
        'client',
        { name: 'SELECT orders', attributes: { 'db.system.name': 'postgresql' } },
        'shop used the database: SELECT orders',
      ],
      [
        'client',
        { name: 'orders.find', attributes: { 'db.system': 'mongodb' } },
        'shop used the database: orders.find',
      ],
      [
        'client',
        {
          name: 'INSERT',
          attributes: { 'db.system.name': 'postgresql', 'db.response.status_code': '23505' },
          failed: true,
        },
        'shop used the database: INSERT; a constraint of the database refused it (23505)',
      ],
    ],
  ],
  [
    'messaging',
    [
      ['producer', { name: 'send orders', attributes: rabbit }, 'shop queued send orders'],
      [
        'client',
        { name: 'send orders', attributes: { ...rabbit, 'messaging.operation.type': 'send' } },
        'shop queued send orders',
      ],
      [
        'client',
        { name: 'orders publish', attributes: { ...rabbit, 'messaging.operation': 'publish' } },
        'shop queued orders publish',
      ],
      [
        'client',
        { name: 'receive orders', attributes: { ...rabbit, 'messaging.operation.type': 'receive' } },
        'shop called receive orders',
      ],
      [
        'client',
        { name: 'settle orders', attributes: { ...rabbit, 'messaging.operation.type': 'settle' } },
        'shop called settle orders',
      ],
      [
        'consumer',
        { name: 'process orders', attributes: { ...rabbit, 'messaging.operation.type': 'process' } },
        'shop worked on process orders',
      ],
      [
        'consumer',
        { name: 'orders process', attributes: { ...rabbit, 'messaging.operation': 'process' } },
        'shop worked on orders process',
      ],
    ],
  ],
  [
    'generative AI',
    [
      [
        'client',
        { name: 'chat gpt-5', attributes: { 'gen_ai.operation.name': 'chat' } },
        'shop asked the model: chat gpt-5',
      ],
      [
        'client',
        { name: 'openai.chat', attributes: { 'gen_ai.system': 'openai' } },
        'shop asked the model: openai.chat',
      ],
      [
        'internal',
        { name: 'execute_tool refund', attributes: { 'gen_ai.operation.name': 'execute_tool' } },
        'shop used the tool execute_tool refund',
      ],
      [
        'client',
        { name: 'tools/call refund', attributes: { 'mcp.method.name': 'tools/call' } },
        'shop used the tool tools/call refund',
      ],
    ],
  ],
  [
    'functions',
    [
      ['server', { name: 'nightly', attributes: { 'faas.trigger': 'timer' } }, 'shop ran “nightly” on schedule'],
      ['consumer', { name: 'thumbnail', attributes: { 'faas.trigger': 'datasource' } }, 'shop worked on thumbnail'],
      ['consumer', { name: 'mail', attributes: { 'faas.trigger': 'pubsub' } }, 'shop worked on mail'],
      [
        'server',
        { name: 'POST /pay', attributes: { 'faas.trigger': 'http', ...http } },
        'shop answered POST /pay with 201',
      ],
      ['client', { name: 'charge', attributes: { 'faas.invoked_name': 'charge' } }, 'shop called charge'],
    ],
  ],
  [
    'anything else',
    [
      ['internal', { name: 'price the cart' }, 'shop did price the cart'],
      ['internal', {}, 'shop did unnamed'],
      ['server', { name: '  ' }, 'shop answered unnamed'],
      ['internal', { name: 'price the cart', failed: true }, 'shop did price the cart; it failed (error)'],
    ],
  ],
])('a span of a stock SDK reads well: %s', (_, spans) => {
  test.each(spans)('%s %j: “%s”', (kind, span, words) => {
    expect(told(stepsOf(spanOf(kind, span))[0])).toBe(words)
  })
})

test('what earlier conventions call otherwise is kept by today’s name, and today’s word counts where both are told', () => {
  const [step] = stepsOf(
    spanOf('client', {
      name: 'chat',
      attributes: {
        'gen_ai.system': 'openai',
        'gen_ai.usage.prompt_tokens': 12,
        'gen_ai.usage.completion_tokens': 30,
        'gen_ai.usage.output_tokens': 31,
        'messaging.message_id': 'm-1',
        'db.operation': 'GET',
      },
    }),
  )
  expect(step?.attributes).toEqual({
    'gen_ai.provider.name': 'openai',
    'gen_ai.usage.input_tokens': 12,
    'gen_ai.usage.output_tokens': 31,
    'db.operation.name': 'GET',
  })
  expect(step?.jobId).toBe('m-1')
})

test('a GET by earlier conventions only reads, so its failure outweighs no write', () => {
  const attributes = { 'http.method': 'GET', 'http.status_code': 500, 'http.route': '/orders' }
  const steps = stepsOf(spanOf('server', { name: '/orders', attributes }))
  expect(outcomeOf(steps).advice).toBe('customer-retry')
})

test('two alike calls are two calls: a retry is one only where its sender counts', () => {
  const call = { name: 'POST', attributes: { 'http.request.method': 'POST', 'server.address': 'bank.example' } }
  const failed = { ...call, failed: true }
  const apart = worksOf(stepsOf(spanOf('client', failed), spanOf('client', call)))
  expect(apart.map(({ attempts }) => attempts.map(({ attempt }) => attempt))).toEqual([[undefined], [undefined]])
  const resent = { ...call, attributes: { ...call.attributes, 'http.request.resend_count': 1 } }
  const counted = worksOf(stepsOf(spanOf('client', failed), spanOf('client', resent)))
  expect(counted.map(({ attempts }) => attempts.map(({ attempt }) => attempt))).toEqual([[undefined, 2]])
})
