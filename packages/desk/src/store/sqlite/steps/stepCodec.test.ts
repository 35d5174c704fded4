import { mintReference, mintSpanId, traceIdOf } from '@waybill/reference'
import { expect, test } from 'vitest'
import { seededRandom } from '../../../../../reference/fixtures/seededRandom.ts'
import { stepOf } from '../../../../fixtures/stepOf.ts'
import type { StoredStep } from '../../StoredStep.ts'
import { createStepDecoder } from './createStepDecoder.ts'
import { createStepEncoder } from './createStepEncoder.ts'

/** An encoder and a decoder over the shapes of one file, as many as it may have. */
function codec(mostShapes = Infinity) {
  const shapes: string[] = ['', '']
  const encoder = createStepEncoder({
    shapeNumber(text) {
      const known = shapes.indexOf(text)
      if (known >= 0) return known
      return shapes.length - 2 < mostShapes ? shapes.push(text) - 1 : undefined
    },
  })
  const decode = createStepDecoder({ shapeText: (number) => shapes[number]! })
  const one = {
    shapes,
    bytes: 0,
    through(steps: readonly StoredStep[]): StoredStep[] {
      const { reference } = steps[0]!
      const identity = { reference, ownTraceId: traceIdOf(reference) }
      const bytes = Uint8Array.from(encoder.encode(steps, identity))
      one.bytes += bytes.length
      return decode(bytes, identity)
    },
  }
  return one
}

/** As JSON has it, which is how every other store keeps it. */
function asJson(steps: readonly StoredStep[]): unknown {
  return JSON.parse(JSON.stringify(steps))
}

const SEED = Number(process.env['SEED'] ?? 17)

test(`steps of every kind come out as they went in (SEED=${SEED})`, () => {
  const { below } = seededRandom(SEED)
  const random = (): number => below(2 ** 32) / 2 ** 32
  const oneOf = <Value>(values: readonly Value[]): Value => values[below(values.length)]!
  const text = (): string =>
    oneOf([
      '',
      'a',
      'GET /users',
      'ф',
      '🧾',
      '\ud800',
      'x\udfff',
      ' ',
      '\0',
      '"\\\n',
      'ab'.repeat(below(40)),
      'AB12',
      '00',
      '1:a',
      '__proto__',
      'x'.repeat(below(600)),
      'é'.repeat(below(300)),
      mintSpanId(),
      String(below(1e9)),
    ])
  const number = (): number =>
    oneOf([
      0,
      -1,
      below(100),
      random(),
      random() * 1e6,
      Math.round(random() * 1e9) / 1e3,
      Math.round(random() * 1e9) / 1e6,
      2 ** 48,
      2 ** 53,
      -(2 ** 53),
      2 ** 60,
      1e300,
      5e-324,
      -0.001,
      1.790000000000123e12,
      Number.MAX_SAFE_INTEGER,
    ])
  const anything = (depth = 0): unknown =>
    oneOf<() => unknown>([
      text,
      number,
      () => true,
      () => false,
      () => null,
      () => (depth > 2 ? [] : Array.from({ length: below(3) }, () => anything(depth + 1))),
      () => (depth > 2 ? {} : members(() => anything(depth + 1))),
    ])()
  const members = (value: () => unknown): Record<string, unknown> =>
    Object.fromEntries(Array.from({ length: below(5) }, () => [text(), value()]))
  const maybe = (fields: Record<string, () => unknown>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(() => random() < 0.4)
        .toSorted(() => random() - 0.5)
        .map(([name, value]) => [name, random() < 0.1 ? undefined : value()]),
    )
  const { through } = codec(200)
  for (let block = 0; block < 3000; block++) {
    const reference = mintReference()
    const steps = Array.from({ length: 1 + below(6) }, () =>
      stepOf({
        reference,
        ...maybe({
          id: () => oneOf([mintSpanId(), text()]),
          parentId: () => oneOf([mintSpanId(), text()]),
          traceId: () => oneOf([traceIdOf(reference), 'cd'.repeat(16), text()]),
          hop: text,
          service: text,
          name: text,
          at: number,
          durationMs: number,
          status: () => oneOf(['ok', 'error', 'running']),
          attempt: number,
          claimed: () => oneOf([true, false]),
          error: () => oneOf([{ type: text() }, { type: text(), message: text() }, null, { more: anything() }]),
          facts: () => members(random() < 0.9 ? text : anything),
          attributes: () => members(anything),
          links: () => [
            { rel: 'parent', reference: mintReference(), traceId: 'ab'.repeat(16), ...maybe({ spanId: text }) },
          ],
          personHash: () => oneOf(['ef'.repeat(32), text()]),
          session: text,
          jobId: text,
          deadLetter: () => true,
          fieldOfTheFuture: anything,
          reference2: text,
        }),
      }),
    )
    // In the same order, too.
    expect(JSON.stringify(through(steps))).toBe(JSON.stringify(steps))
  }
})

test('a step that is another trail’s, and one whose fields bear the names of prototypes, come out as they went in', () => {
  const { through } = codec()
  const own = stepOf()
  const foreign = stepOf({ reference: mintReference(), traceId: own.traceId })
  const odd = JSON.parse(`{"facts":{"__proto__":"a","constructor":"b"},"__proto__":{"x":1},"toString":"c"}`) as object
  const steps = [own, foreign, { ...foreign, ...odd } as StoredStep, JSON.parse('{"__proto__":1}') as StoredStep]
  expect(JSON.stringify(through(steps))).toBe(JSON.stringify(steps))
})

test('steps whose fields read alike when written one after another come out as they went in', () => {
  const { through } = codec()
  const reference = mintReference()
  const facts = [{ a: '1', b: '2' }, { 'a"b': '3' }, { a: '1' }, { '': 'a' }, { '1:a': 'x' }, { a: 'x', '1:a': 'y' }]
  const attributes = [
    { a: 'b', c: 'd' },
    { a: 'b=cd' },
    { ab: '' },
    { a: 'b', '': '' },
    { a: 12 },
    { a: '#12;' },
    { 'a#1': 2 },
  ]
  const steps = [
    ...facts.map((each) => stepOf({ reference, facts: each })),
    ...attributes.map((each) => stepOf({ reference, attributes: each })),
  ]
  for (let time = 0; time < 3; time++) expect(through(steps)).toEqual(asJson(steps))
})

test('steps that are alike take a few bytes each, and what differs in each is no shape', () => {
  const one = codec()
  for (let trail = 0; trail < 200; trail++) {
    const reference = mintReference()
    const parentId = mintSpanId()
    const steps = Array.from({ length: 10 }, (_, index) =>
      stepOf({
        reference,
        parentId,
        at: 1_790_000_000_000 + trail * 1000 + index,
        attributes: {
          'http.route': '/a',
          'url.full': `/a/${mintSpanId()}`,
          'http.response.body.size': trail * 10 + index,
        },
      }),
    )
    expect(one.through(steps)).toEqual(asJson(steps))
  }
  expect(one.bytes / 2000).toBeLessThan(50)
  expect(one.shapes.length).toBeLessThan(80)
})

test('a row that ends too early is said to be damaged', () => {
  const step = stepOf({ facts: { order: 'A-1001' } })
  const encoder = createStepEncoder({ shapeNumber: () => undefined })
  const decode = createStepDecoder({ shapeText: () => '' })
  const identity = { reference: step.reference, ownTraceId: step.traceId }
  const bytes = Uint8Array.from(encoder.encode([step], identity))
  expect(decode(bytes, identity)).toEqual([step])
  for (let length = 1; length < bytes.length; length++)
    expect(() => decode(bytes.subarray(0, length), identity)).toThrow()
})
