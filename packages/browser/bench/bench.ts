// What Waybill costs a page, in real Chromium, beside what others cost: npm run bench:browser -- --help
import { parseArgs } from 'node:util'
import { launchChromium } from '../../../test/launchChromium.ts'
import { budgetsOf } from './budgetsOf.ts'
import { buildPage } from './buildPage.ts'
import type { BuiltPage } from './buildPage.ts'
import { measureCalls } from './measureCalls.ts'
import type { CallCost, CallWay } from './measureCalls.ts'
import { measureClick } from './measureClick.ts'
import type { ClickCost } from './measureClick.ts'
import { measureHeap } from './measureHeap.ts'
import type { HeapCost } from './measureHeap.ts'
import { measureStart } from './measureStart.ts'
import type { StartCost } from './measureStart.ts'
import { printTable, shown } from './printTable.ts'
import type { Results } from './Results.ts'
import { startSite } from './startSite.ts'

const PEERS = ['sentry', 'openTelemetry', 'elastic', 'datadog']
const WAYS: readonly CallWay[] = ['click', 'handle', 'background']
const PARTS = ['start', 'heap', ...WAYS]

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: PEERS.join() },
    parts: { type: 'string', default: PARTS.join() },
    rounds: { type: 'string', default: '16' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(`npm run bench:browser -- [--only ours | ${PEERS.join()}] [--parts ${PARTS.join()}] [--rounds 16]

  --only    peers to set beside ours, bare fetch and the hand-written wrapper; "ours" for none. All of them by default.
  --parts   what to measure besides one click's requests. All by default, which takes half an hour on a slow machine.
  --rounds  of calls, for each way to make them. More rounds, less noise.

Ends with 1 when something is over its budget.`)
  process.exit()
}
const parts = listed(values.parts, PARTS)
const names = [
  'bare',
  'handWritten',
  'ours',
  ...[...listed(values.only, [...PEERS, 'ours'])].filter((name) => name !== 'ours'),
]

const built = new Map<string, BuiltPage>()
for (const name of names) built.set(name, await buildPage(name))
const site = await startSite(new Map([...built].map(([name, { script }]) => [name, script])))
const browser = await launchChromium()
const { origin } = site

const click = new Map<string, ClickCost>()
const start = new Map<string, StartCost>()
const calls = new Map<CallWay, ReadonlyMap<string, CallCost>>()
const heap = new Map<string, HeapCost>()
let fullStart: StartCost | undefined

say('One click')
await Promise.all(names.map(async (name) => click.set(name, await measureClick(browser, site, name))))
checkTracing(click)
if (parts.has('start')) {
  say('Start')
  for (const name of names) start.set(name, await measureStart(browser, { origin, name, isFull: false }))
  fullStart = await measureStart(browser, { origin, name: 'ours', isFull: true })
}
for (const way of WAYS) {
  if (!parts.has(way)) continue
  say(`Calls, ${way}`)
  calls.set(way, await measureCalls(browser, { origin, names, way, rounds: Number(values.rounds) }))
}
if (parts.has('heap')) {
  say('Heap')
  await Promise.all(names.map(async (name) => heap.set(name, await measureHeap(browser, { origin, name }))))
}
await browser.close()
site.close()

const gzipBytes = new Map([...built].map(([name, page]) => [name, page.gzipBytes]))
const results: Results = { names, gzipBytes, click, start, fullStart, calls, heap }
printTable(results)
console.log()
for (const { what, found, uncertainty, most } of budgetsOf(results)) {
  // Also when nothing was found, which is no number.
  const isOver = !(found <= most)
  if (isOver) process.exitCode = 1
  console.log(
    `${isOver ? 'over' : 'ok  '} ${what}: ${shown(found)}${uncertainty ? ` ±${shown(uncertainty)}` : ''} of ${shown(most)}`,
  )
}

function listed(text: string, known: readonly string[]): Set<string> {
  const names = text.split(',')
  const unknown = names.filter((name) => !known.includes(name))
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join()}, only ${known.join()}.`)
  return new Set(names)
}

function say(what: string): void {
  console.error(`${new Date().toLocaleTimeString('en-GB')} ${what} …`)
}

/** A contender that does nothing is cheap: each has to mark every call and, but for the wrapper, deliver what it saw. */
function checkTracing(click: ReadonlyMap<string, ClickCost>): void {
  for (const [name, { calls, deliveries }] of click) {
    const marked = calls.filter(({ headers }) => headers['traceparent'] ?? headers['sentry-trace'])
    const isTracing = marked.length === 3 && (deliveries.length > 0 || name === 'handWritten')
    if (calls.length !== 3 || (name !== 'bare' && !isTracing)) {
      throw new Error(
        `${name} made ${calls.length} calls, marked ${marked.length} and delivered ${deliveries.length} times.`,
      )
    }
  }
}
