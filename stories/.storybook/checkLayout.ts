import { afterEach, expect } from 'vitest'
import { cdp, page } from 'vitest/browser'
import { findOverflow } from '../stage/findOverflow.ts'

/** After each story's test: nothing of it may be cut off where room is short. In the mode `look` pictures are taken too. */
afterEach(async ({ task }) => {
  const { storyId } = task.meta as { readonly storyId?: string }
  if (!storyId) return
  const root = document.documentElement
  for (const { width, fontSize } of NARROW) {
    await page.viewport(width, HEIGHT)
    root.style.fontSize = fontSize
    const overflow = findOverflow(document.body)
    if (import.meta.env.MODE === 'look') await photograph(`${storyId}-${width}px-${fontSize.replace('%', '')}`)
    root.style.fontSize = ''
    expect(overflow, `in ${width} px with text of ${fontSize}`).toEqual([])
  }
  if (import.meta.env.MODE === 'look') await look(storyId)
})

/** The narrowest phone; a desktop of 1280 px zoomed to 200 %, whose reader has doubled the text as well. */
const NARROW = [
  { width: 320, fontSize: '100%' },
  { width: 640, fontSize: '200%' },
] as const

/** Takes pictures of the story as it stands, for people to look at. */
async function look(storyId: string): Promise<void> {
  for (const width of [390, 1280]) {
    await page.viewport(width, HEIGHT)
    for (const [name, features] of Object.entries(APPEARANCES)) {
      await cdp().send('Emulation.setEmulatedMedia', { features: [...features] })
      await photograph(`${storyId}-${width}px-${name}`)
    }
  }
  await cdp().send('Emulation.setEmulatedMedia', { features: [] })
}

/** Of the screen, in pixels; pictures of longer pages are as long as those. */
const HEIGHT = 800

const APPEARANCES = {
  light: [{ name: 'prefers-color-scheme', value: 'light' }],
  dark: [{ name: 'prefers-color-scheme', value: 'dark' }],
  forced: [{ name: 'forced-colors', value: 'active' }],
} as const

async function photograph(name: string): Promise<void> {
  await page.viewport(innerWidth, Math.max(HEIGHT, document.body.scrollHeight))
  await page.screenshot({ path: `../dist/look/${name}.png`, element: document.body })
}
