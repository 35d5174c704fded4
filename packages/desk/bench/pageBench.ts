// How the page takes a long trail: npm run bench:page --workspace @waybill/desk -- 5000
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { encodeOtlp } from '@waybill/trail'
import { build } from 'vite'
import { launchChromium } from '../../../test/launchChromium.ts'
import { manySteps } from '../fixtures/manySteps.ts'
import { startDesk } from '../src/startDesk.ts'
import { longestTask, msToFirstRow, narrow, scrollThrough, walk } from './measurePage.ts'
import { printTable } from './printTable.ts'
import { shown } from './printMeasures.ts'

const count = Number(process.argv[2] ?? 5000)
const TOKEN = 'token-for-reading'
const KEY = 'secret-key-for-servers'

const folder = await mkdtemp(join(tmpdir(), 'desk-page-'))
await build({
  configFile: fileURLToPath(new URL('../vite.config.ts', import.meta.url)),
  logLevel: 'error',
  build: { outDir: folder },
})
const desk = await startDesk({
  database: ':memory:',
  readToken: TOKEN,
  ingestKeys: [KEY],
  pageFolder: pathToFileURL(`${folder}/`),
  limits: { stepsPerTrail: count + 1000 },
  port: 0,
})
const browser = await launchChromium()
try {
  const { reference, steps } = manySteps({ count })
  for (let at = 0; at < steps.length; at += 1000) {
    // oxlint-disable-next-line no-await-in-loop -- a parent is sent before its children
    await fetch(`${desk.url}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${KEY}` },
      body: JSON.stringify(encodeOtlp(steps.slice(at, at + 1000))),
    })
  }
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  await context.request.post(`${desk.url}/login`, { data: TOKEN })
  const page = await context.newPage()
  const opened: number[] = []
  for (let round = 0; round < 5; round++) {
    // oxlint-disable-next-line no-await-in-loop -- each by itself
    opened.push(await msToFirstRow(page, `${desk.url}/trail/${reference}`))
  }
  const kept = await page.evaluate(() => document.querySelector('.four-facts')?.textContent ?? '')
  const scrolled = await longestTask(page, scrollThrough)
  const walked = await longestTask(page, walk)
  const filtered = await longestTask(page, narrow)
  console.log(
    `${kept.match(/[\d,]+\ssteps/)?.[0]} in one trail; ${await page.locator('.row').count()} rows in the document`,
  )
  printTable([
    ['longest task, ms', 'seen', 'on the processor'],
    ...Object.entries({
      'scrolling from end to end': scrolled,
      'walking 60 rows by arrow key': walked,
      'typing into the filter': filtered,
    }).map(([what, { seenMs, workedMs }]) => [what, shown(seenMs), shown(workedMs)]),
  ])
  console.log(`From the answer’s last byte to the first row, five times: ${opened.map(shown).join(', ')} ms.`)
} finally {
  await browser.close()
  await desk.stop()
  await rm(folder, { recursive: true })
}
