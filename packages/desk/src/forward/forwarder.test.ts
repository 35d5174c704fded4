import { expect, test } from 'vitest'
import { answers, hangs, hangsUp, openCollector, takes } from '../../fixtures/openCollector.ts'
import type { Answer } from '../../fixtures/openCollector.ts'
import { createForwarder } from './createForwarder.ts'
import type { ForwarderOptions } from './createForwarder.ts'
import { forwardTarget } from './forwardTarget.ts'
import type { ForwardOptions } from './forwardTarget.ts'

function open(forward: ForwardOptions, options: Partial<ForwarderOptions> = {}) {
  const said: string[] = []
  const reserve = () => 'reserved' as const
  const forwarder = createForwarder({
    target: forwardTarget(forward),
    secret: new Uint8Array(32),
    onError: (error) => said.push(String(error)),
    firstWaitMs: 4,
    flushMs: 0,
    ...options,
  })
  const send = (text: string, encoding: 'json' | 'protobuf' = 'json'): void =>
    forwarder.hold({ signal: 'traces', bytes: Buffer.from(text), encoding, claimed: false, via: null, reserve })()
  return { ...forwarder, said, send, [Symbol.asyncDispose]: () => forwarder.stop() }
}

const textsOf = (taken: readonly { readonly bytes: Buffer }[]): string[] => taken.map(({ bytes }) => bytes.toString())
const first =
  (count: number, answer: Answer): Answer =>
  (response, nth) =>
    (nth <= count ? answer : takes)(response, nth)

test.each([
  ['429', answers(429)],
  ['502', answers(502)],
  ['503', answers(503, { 'retry-after': '0' })],
  ['504', answers(504)],
  ['a connection that closes before the answer', hangsUp],
])('tries a body again after %s, and says so once, and once that it works again', async (_, trouble) => {
  await using collector = await openCollector(first(4, trouble))
  await using forwarder = open({ url: collector.url })
  forwarder.send('one')
  await expect.poll(() => forwarder.stats().sent).toBe(1)
  expect(textsOf(collector.taken)).toEqual(Array.from({ length: 5 }, () => 'one'))
  expect(forwarder.stats()).toEqual({ sent: 1, dropped: 0, failed: 0, rejected: 0, queueBytes: 0 })
  expect(forwarder.said).toEqual([
    expect.stringMatching(
      /^Error: \[waybill\] The collector http:\/\/127.0.0.1:\d+ takes nothing that the desk forwards/,
    ),
    expect.stringMatching(/takes again what the desk forwards. 0 bodies were dropped/),
  ])
})

test('a collector that is dead for a while gets everything when it is back, in order', async () => {
  const { port } = await (async () => {
    await using gone = await openCollector()
    return gone
  })()
  await using forwarder = open({ url: `http://127.0.0.1:${port}` })
  for (const text of ['one', 'two', 'three']) forwarder.send(text)
  await expect.poll(() => forwarder.said).toEqual([expect.stringContaining('it cannot be reached: ECONNREFUSED')])
  await using collector = await openCollector(takes, port)
  await expect.poll(() => forwarder.stats().sent).toBe(3)
  expect(textsOf(collector.taken).toSorted()).toEqual(['one', 'three', 'two'])
  expect(textsOf(collector.taken)[0]).toBe('one')
})

test.each([400, 401, 404, 413, 500])('drops and counts what is refused with %d, and goes on', async (status) => {
  await using collector = await openCollector(first(3, answers(status)))
  await using forwarder = open({ url: collector.url, headers: { authorization: 'Bearer secret-of-the-collector' } })
  for (const text of ['one', 'two', 'three', 'four']) forwarder.send(text)
  await expect.poll(() => forwarder.stats()).toEqual({ sent: 1, dropped: 0, failed: 3, rejected: 0, queueBytes: 0 })
  expect(forwarder.said).toEqual([expect.stringContaining(`refuses with ${status}`)])
  expect(collector.taken[0]?.headers['authorization']).toBe('Bearer secret-of-the-collector')
  expect(forwarder.said.join()).not.toContain('secret')
})

test('does not follow a collector that sends elsewhere', async () => {
  await using elsewhere = await openCollector()
  await using collector = await openCollector(answers(307, { location: `${elsewhere.url}/v1/traces` }))
  await using forwarder = open({ url: collector.url })
  forwarder.send('one')
  await expect.poll(() => forwarder.stats().failed).toBe(1)
  expect([elsewhere.taken.length, collector.taken.length]).toEqual([0, 1])
  expect(forwarder.said).toEqual([expect.stringContaining('set forward.url to where it sends')])
})

test('keeps no more than the queue may hold, and drops the oldest first', async () => {
  await using collector = await openCollector(hangs)
  const body = (n: number): string => String(n).padEnd(1000, '.')
  await using forwarder = open({ url: collector.url, queueBytes: 14_000 })
  for (let n = 1; n <= 50; n++) forwarder.send(body(n))
  expect(forwarder.stats()).toMatchObject({ queueBytes: 14_000, dropped: 40 })
  forwarder.send('x'.repeat(20_000))
  expect(forwarder.stats()).toMatchObject({ queueBytes: 14_000, dropped: 41 })
  await expect.poll(() => collector.taken.length).toBe(4)
  collector.answerFromNowOn(takes)
  expect(textsOf(collector.taken).toSorted()).toEqual([1, 2, 3, 4].map(body).toSorted())
})

test('tiny bodies cannot make the queue larger than it says', async () => {
  await using collector = await openCollector(hangs)
  await using forwarder = open({ url: collector.url, queueBytes: 10_000 })
  for (let n = 0; n < 1000; n++) forwarder.send('{}')
  expect(forwarder.stats().queueBytes).toBeLessThanOrEqual(10_000)
  expect(forwarder.stats().dropped).toBeGreaterThan(970)
})

test('a request that the collector never answers is ended, and the body tried again', async () => {
  await using collector = await openCollector(first(1, hangs))
  await using forwarder = open({ url: collector.url }, { timeoutMs: 300 })
  forwarder.send('one')
  await expect.poll(() => forwarder.stats().sent).toBe(1)
  expect(collector.taken.length).toBeGreaterThan(1)
  expect(new Set(textsOf(collector.taken))).toEqual(new Set(['one']))
  expect(forwarder.said[0]).toContain('it does not answer in time')
})

test('counts what the collector did not keep of bodies it took, as it says in JSON and in protobuf', async () => {
  const json = answers(200, {}, '{"partialSuccess":{"rejectedSpans":"7","errorMessage":"too old"}}')
  await using collector = await openCollector(json)
  await using forwarder = open({ url: collector.url })
  forwarder.send('one')
  await expect.poll(() => forwarder.stats().rejected).toBe(7)
  // ExportTraceServiceResponse { partial_success { rejected_spans: 300, error_message: "no" } }
  collector.answerFromNowOn((response) => void response.writeHead(200).end(Buffer.from('0a0708ac0212026e6f', 'hex')))
  forwarder.send('two', 'protobuf')
  await expect.poll(() => forwarder.stats().rejected).toBe(307)
  for (const nonsense of ['', 'null', '[', '{"partialSuccess":{"rejectedSpans":"-1"}}', '{"partialSuccess":7}']) {
    collector.answerFromNowOn(answers(200, {}, nonsense))
    forwarder.send('three')
    forwarder.send('four', 'protobuf')
  }
  await expect.poll(() => forwarder.stats()).toMatchObject({ sent: 12, rejected: 307 })
  expect(forwarder.said).toEqual([])
})

test('an answer without end is cut off', async () => {
  await using collector = await openCollector((response) => {
    response.writeHead(200)
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
      if (!response.destroyed) response.once('drain', more)
    }
    more()
  })
  await using forwarder = open({ url: collector.url })
  forwarder.send('one')
  await expect.poll(() => forwarder.stats().sent).toBe(1)
})

test('stopping sends what waits, and drops and counts what the collector does not take in time', async () => {
  await using collector = await openCollector(answers(503))
  const flushing = open({ url: collector.url }, { flushMs: 60_000, firstWaitMs: 3_600_000 })
  for (const text of ['one', 'two']) flushing.send(text)
  await expect.poll(() => flushing.said).toHaveLength(1)
  collector.answerFromNowOn(takes)
  await flushing.stop()
  expect(flushing.stats()).toMatchObject({ sent: 2, dropped: 0, queueBytes: 0 })

  collector.answerFromNowOn(hangs)
  const given = open({ url: collector.url }, { flushMs: 0 })
  for (const text of ['one', 'two']) given.send(text)
  await given.stop()
  expect(given.stats()).toMatchObject({ sent: 0, dropped: 2, queueBytes: 0 })
  given.send('three')
  expect(given.stats()).toMatchObject({ dropped: 3, queueBytes: 0 })
})

test('tells whoever counts of each body that went out, was refused, or was given up', async () => {
  await using collector = await openCollector(first(1, answers(400)))
  const heard: string[] = []
  const counting = {
    onSent: (signal: string) => heard.push(`sent ${signal}`),
    onDropped: (signal: string) => heard.push(`dropped ${signal}`),
  }
  await using forwarder = open({ url: collector.url, queueBytes: 1000 }, counting)
  forwarder.send('refused')
  await expect.poll(() => heard).toEqual(['dropped traces'])
  forwarder.send('taken')
  await expect.poll(() => heard).toEqual(['dropped traces', 'sent traces'])
  forwarder.send('x'.repeat(2000))
  expect(heard).toEqual(['dropped traces', 'sent traces', 'dropped traces'])
})

test('a listener that throws does not end the forwarding', async () => {
  await using collector = await openCollector(first(2, answers(503)))
  const onError = (): void => {
    throw new Error('a fault of the listener')
  }
  await using forwarder = open({ url: collector.url }, { onError })
  forwarder.send('one')
  await expect.poll(() => forwarder.stats().sent).toBe(1)
})
