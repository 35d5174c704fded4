import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mintReference } from '@waybill/reference'
import { findReferences } from '@waybill/reference/reading'
import { createStudio } from './createStudio.ts'
import type { Scene, Studio } from './createStudio.ts'
import { findFonts } from './findFonts.ts'
import { findTesseract } from './findTesseract.ts'
import { recogniseText } from './recogniseText.ts'

const COMPONENTS = ['ErrorNotice', 'Receipt'] as const
const THEMES = ['light', 'dark'] as const
const CARDS_PER_PHOTOGRAPH = 10
/** A sample; `PHOTOGRAPHED_REFERENCES=120 npm test photograph` takes a larger one. */
const HOW_MANY = Number(process.env['PHOTOGRAPHED_REFERENCES'] ?? 40)

const tesseract = findTesseract()
const onBuildServer = process.env['CI'] === 'true'
if (!tesseract) {
  console.warn(
    '[waybill] Tesseract was not found, so no photograph is read. Debian, Ubuntu: apt-get install tesseract-ocr',
  )
}

describe.skipIf(!tesseract && !onBuildServer)('a screenshot of the code', () => {
  const references = mintSeeded(HOW_MANY)
  let studio: Studio
  let fonts: readonly string[]

  beforeAll(async () => {
    studio = await createStudio()
    fonts = await findFonts(studio, mintReference())
    console.log(`Fonts: ${fonts.join(', ')}`)
  })
  afterAll(() => studio?.close())

  test.runIf(onBuildServer)('is judged in three fonts', () => expect(fonts).toHaveLength(3))

  test('is read right 97 times in 100 at 2x, and never wrongly', async () => {
    const { share, wrong } = await readAll(2)
    expect(wrong).toEqual([])
    expect(share).toBeGreaterThanOrEqual(0.97)
  })

  test('is read right 88 times in 100 at 1x', async () => {
    const { share } = await readAll(1)
    expect(share).toBeGreaterThanOrEqual(0.88)
  })

  /** Each reference in three of the twelve conditions, never all with the same component or theme. */
  async function readAll(
    scale: Scene['scale'],
  ): Promise<{ readonly share: number; readonly wrong: readonly string[] }> {
    const conditions = fonts.flatMap((font) =>
      COMPONENTS.flatMap((component) => THEMES.map((theme) => ({ font, component, theme, right: 0, wrong: 0 }))),
    )
    const photographs = conditions.flatMap((condition, at) => {
      const own = references.filter((_, index) => index % 4 === (at + Math.floor(at / 4)) % 4)
      return inPortions(own).map((portion) => ({ condition, portion }))
    })
    const wrong: string[] = []
    await twoAtATime(photographs, async ({ condition, portion }) => {
      const { font, component, theme } = condition
      const text = await recogniseText(
        tesseract ?? 'tesseract',
        await studio.photograph({ font, component, theme, scale, references: portion }),
      )
      const certain = findReferences(text).filter((reading) => reading.sure === 'certain')
      const read = new Set(certain.flatMap((reading) => reading.references))
      const strangers = [...read].filter((reference) => !portion.includes(reference))
      condition.right += portion.filter((reference) => read.has(reference)).length
      condition.wrong += strangers.length
      wrong.push(...strangers)
    })
    const each = references.length / 4
    console.table(
      conditions.map((row) => ({ scale: `${scale}x`, ...row, refused: each - row.right - row.wrong, of: each })),
    )
    return { share: conditions.reduce((sum, row) => sum + row.right, 0) / (each * conditions.length), wrong }
  }
})

/** The same references on every run, so that a change of the rate is a change of ours. */
function mintSeeded(count: number): ReturnType<typeof mintReference>[] {
  let state = 20261122
  // Numerical Recipes' linear congruential generator; its high byte is random enough to draw symbols.
  const random = (bytes: number) =>
    Uint8Array.from({ length: bytes }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    })
  return Array.from({ length: count }, () => mintReference({ random }))
}

function inPortions<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / CARDS_PER_PHOTOGRAPH) }, (_, at) =>
    items.slice(at * CARDS_PER_PHOTOGRAPH, (at + 1) * CARDS_PER_PHOTOGRAPH),
  )
}

async function twoAtATime<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values()
  const worker = async () => {
    for (const item of waiting) await work(item)
  }
  await Promise.all([worker(), worker()])
}
