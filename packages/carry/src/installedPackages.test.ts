import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type { SourceMapInput } from '@jridgewell/trace-mapping'
import { carrySource } from '@waybill/carry'
import { describe, expect, it } from 'vitest'
import { installedSources } from '../fixtures/installedSources.ts'
import { seededRandom } from '../../browser/fixtures/seededRandom.ts'
import { runInNode } from '../fixtures/runInNode.ts'
import { parseSource } from './transform/parseSource.ts'
import { childNodes } from './transform/syntaxNode.ts'
import type { SyntaxNode } from './transform/syntaxNode.ts'

const FUNCTIONS = Number(process.env['WAYBILL_CARRY_FUNCTIONS'] ?? 5000)
const POSITIONS = Number(process.env['WAYBILL_CARRY_POSITIONS'] ?? 1000)

describe('sources of installed packages', () => {
  it(`parse again, line for line, with nothing taken away: ${FUNCTIONS} functions`, { timeout: 300_000 }, () => {
    let functions = 0
    const leftAlone: string[] = []
    for (const { filename, code } of installedSources()) {
      const carried = carrySource(code, { filename })
      if (carried === undefined) continue
      functions += carried.carried
      leftAlone.push(...carried.leftAlone.map(({ reason, name }) => `${reason} in ${name}`))
      expect(withoutInsertions(carried.code, code), filename).toBe(code)
      expect(lines(carried.code), filename).toBe(lines(code))
      expect(() => parseSource(carried.code, filename)).not.toThrow()
      if (functions >= FUNCTIONS) break
    }
    expect(functions).toBeGreaterThanOrEqual(FUNCTIONS)
    expect(leftAlone.filter((each) => !each.startsWith('await using') && !each.startsWith('eval'))).toEqual([])
  })

  it(`are found by their maps: ${POSITIONS} positions`, { timeout: 120_000 }, () => {
    const random = seededRandom(1)
    let probes = 0
    for (const { filename, code } of installedSources()) {
      // A comment is allowed before a name and is seen nowhere else.
      const places = placesOfNames(parseSource(code, filename).program).filter(() => random() < 0.05)
      let probed = ''
      places.forEach((place, index) => (probed += `${code.slice(places[index - 1] ?? 0, place)}/*probe ${index}*/`))
      probed += code.slice(places.at(-1) ?? 0)
      const carried = carrySource(probed, { filename })
      if (carried === undefined) continue
      const map = new TraceMap(JSON.parse(carried.map.toString()) as SourceMapInput)
      expect(map.sources).toEqual([filename])
      for (const index of places.keys()) {
        const inProbe = Math.floor(random() * 8)
        const [from, to] = [probed, carried.code].map((text) =>
          positionAt(text, text.indexOf(`/*probe ${index}*/`) + inProbe),
        )
        expect(originalPositionFor(map, to!), `${filename}, probe ${index}`).toMatchObject({
          line: from!.line,
          column: from!.column,
        })
      }
      probes += places.length
      if (probes >= POSITIONS) break
    }
    expect(probes).toBeGreaterThanOrEqual(POSITIONS)
  })

  it('do as they did: ky, query-core, hono, zod and openai', async () => {
    const [plain, carried] = await Promise.all(
      ['plain', 'carried'].map((kind) => runInNode<Told>('runPackagesInNode.ts', [kind])),
    )
    expect(carried!.told).toEqual(plain!.told)
    expect(carried!.told.length).toBeGreaterThan(30)
    expect(plain!.functions).toBe(0)
    expect(carried!.functions).toBeGreaterThan(200)
    expect(carried!.seen.filter(({ expected, saw }) => saw !== expected && saw !== 'nothing')).toEqual([])
    // query-core retries in a callback of `then`.
    expect(new Set(carried!.seen.filter(({ saw }) => saw === 'nothing').map(({ at }) => at))).toEqual(
      new Set(['query retried by a timer']),
    )
    expect(carried!.seen.length).toBeGreaterThan(100)
    expect(plain!.seen.some(({ expected, saw }) => saw !== expected)).toBe(true)
  })
})

interface Told {
  readonly functions: number
  readonly told: readonly string[]
  readonly seen: readonly { readonly at: string; readonly expected: string; readonly saw: string }[]
}

/** What remains of the one where it goes along with the other, in order. */
function withoutInsertions(carried: string, code: string): string {
  let place = 0
  for (let index = 0; index < carried.length && place < code.length; index++)
    if (carried[index] === code[place]) place++
  return code.slice(0, place)
}

const lines = (code: string) => code.split(/\r\n|[\n\r\u2028\u2029]/).length

/** As source maps count them: lines from 1, columns from 0. */
function positionAt(text: string, place: number): { line: number; column: number } {
  const before = text.slice(0, place).split('\n')
  return { line: before.length, column: before.at(-1)!.length }
}

function placesOfNames(node: SyntaxNode, places: number[] = []): number[] {
  for (const child of childNodes(node) ?? []) {
    if (child.type === 'Identifier' && node.type !== 'JSXElement' && child.start > (places.at(-1) ?? -1))
      places.push(child.start)
    placesOfNames(child, places)
  }
  return places
}
