import { readFile } from 'node:fs/promises'
import type { Page as Tab } from 'playwright'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { openBrowser } from '../journeys/openBrowser.ts'
import { Page } from './Page.tsx'
import type { PageProps } from './Page.tsx'

/** A real Chromium that photographs the real components in the real stylesheet. */
export async function createStudio(): Promise<Studio> {
  const browser = await openBrowser()
  const stylesheet = await readFile(new URL('../../packages/react/src/styles.css', import.meta.url), 'utf8')
  const shown = async <T>({ scale, ...scene }: Scene, use: (tab: Tab) => Promise<T>): Promise<T> => {
    const tab = await browser.newPage({ viewport: { width: 390, height: 844 }, deviceScaleFactor: scale })
    try {
      await tab.setContent(`<!doctype html>${renderToStaticMarkup(createElement(Page, { ...scene, stylesheet }))}`)
      return await use(tab)
    } finally {
      await tab.close()
    }
  }
  return {
    photograph: (scene) => shown(scene, (tab) => tab.screenshot({ fullPage: true })),
    fontOf: (scene) => shown(scene, fontOfCode),
    close: () => browser.close(),
  }
}

export interface Studio {
  /** A PNG of the whole page. */
  photograph(scene: Scene): Promise<Buffer>
  /** The font family that the codes are really drawn in. */
  fontOf(scene: Scene): Promise<string>
  close(): Promise<void>
}

export interface Scene extends Omit<PageProps, 'stylesheet'> {
  /** Device pixels per CSS pixel. */
  readonly scale: 1 | 2
}

/** Asked of the browser: the style says only which fonts would be welcome. */
async function fontOfCode(tab: Tab): Promise<string> {
  const session = await tab.context().newCDPSession(tab)
  await session.send('DOM.enable')
  await session.send('CSS.enable')
  const { root } = await session.send('DOM.getDocument')
  const { nodeId } = await session.send('DOM.querySelector', { nodeId: root.nodeId, selector: 'code' })
  const { fonts } = await session.send('CSS.getPlatformFontsForNode', { nodeId })
  return fonts.map((font) => font.familyName).join(', ')
}
