import { afterAll, beforeAll, expect, test } from 'vitest'
import { conformanceCases } from '../fixtures/conformance/conformanceCases.ts'
import { openConformance } from '../fixtures/conformance/openConformance.ts'
import type { Conformance } from '../fixtures/conformance/openConformance.ts'

let conformance: Conformance
beforeAll(async () => {
  conformance = await openConformance()
})
afterAll(() => conformance.close())

/** Cases of which a call reached its server without the headers. */
const untraced = new Set<string>()

for (const name of Object.keys(conformanceCases)) {
  test(name, async () => {
    // Browsers stream uploads over HTTP/2 only.
    const protocol = name.startsWith('streams:') ? 'http2' : 'http1'
    const { traced: never, ...native } = await conformance.run(name, 'native', protocol)
    expect(native).not.toHaveProperty('broken')
    expect(never).not.toContain(true)
    for (const way of ['waybill', 'action'] as const) {
      // oxlint-disable-next-line no-await-in-loop -- the cases share one page
      const { traced, ...ours } = await conformance.run(name, way, protocol)
      expect(ours).toEqual(native)
      if (traced.includes(false)) untraced.add(name)
    }
  })
}

test('every other case is traced but what goes to strangers and what no-cors strips', () => {
  expect([...untraced].filter((name) => !/stranger|no-cors|opaque/.test(name))).toEqual([])
})
