import type { Reference } from '@waybill/reference'
import type { Studio } from './createStudio.ts'

/** Up to three font families of this machine: the one the stylesheet's stack finds, then others that customers get. */
export async function findFonts(studio: Studio, sample: Reference): Promise<readonly string[]> {
  const scene = { component: 'Receipt', theme: 'light', scale: 1, references: [sample] } as const
  const own = await studio.fontOf(scene)
  const drawn = await Promise.all(
    OTHERS.map(async (font) => ((await studio.fontOf({ ...scene, font })) === font ? font : null)),
  )
  return [own, ...drawn.filter((font) => font !== null && font !== own)].filter((font) => font !== null).slice(0, 3)
}

/** What the stack leads to on Linux, Android, Windows and macOS. */
const OTHERS: readonly string[] = [
  'Liberation Sans',
  'Roboto',
  'Noto Sans',
  'DejaVu Sans',
  'Segoe UI',
  'Helvetica Neue',
  'Arial',
]
