// How the page takes a long trail: npm run bench:page --workspace @waybill/desk -- 5000
import { encodeOtlp } from '@waybill/trail'
import { manySteps } from '../fixtures/manySteps.ts'
import { SERVER_KEY } from '../fixtures/openDesk.ts'
import { longestTask, msToFirstRow, narrow, scrollThrough, walk } from './measurePage.ts'
import { openBuiltPage } from './openBuiltPage.ts'
import { shown } from './printMeasures.ts'
import { printTable } from './printTable.ts'

const count = Number(process.argv[2] ?? 5000)
await using built = await openBuiltPage({ stepsPerTrail: count + 1000 })
const { reference, steps } = manySteps({ count })
for (let at = 0; at < steps.length; at += 1000) {
  // oxlint-disable-next-line no-await-in-loop -- a parent is sent before its children
  await fetch(`${built.url}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` },
    body: JSON.stringify(encodeOtlp(steps.slice(at, at + 1000))),
  })
}
const page = await built.newPage()
const opened: number[] = []
for (let round = 0; round < 5; round++) {
  // oxlint-disable-next-line no-await-in-loop -- each by itself
  opened.push(await msToFirstRow(page, `${built.url}/trail/${reference}`))
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
