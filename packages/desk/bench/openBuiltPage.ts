import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'vite'
import { launchChromium } from '../../../test/launchChromium.ts'
import { SERVER_KEY, TOKEN } from '../fixtures/openDesk.ts'
import { startDesk } from '../src/startDesk.ts'
import type { StoreLimits } from '../src/store/Store.ts'

/** A desk in memory with its page, built as it is shipped, and a real Chromium before it. */
export async function openBuiltPage(limits: StoreLimits = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-page-'))
  const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url))
  await build({ configFile, logLevel: 'error', build: { outDir: folder } })
  const desk = await startDesk({
    database: ':memory:',
    readToken: TOKEN,
    ingestKeys: [SERVER_KEY],
    pageFolder: pathToFileURL(`${folder}/`),
    limits: { lookUpsPerMinute: 1000, ...limits },
    port: 0,
  })
  const browser = await launchChromium()
  return {
    url: desk.url,
    /** Signed in, with nothing opened yet. */
    async newPage() {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
      await context.request.post(`${desk.url}/login`, { data: TOKEN })
      return await context.newPage()
    },
    async [Symbol.asyncDispose]() {
      await browser.close()
      await desk.stop()
      await rm(folder, { recursive: true })
    },
  }
}
