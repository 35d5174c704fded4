// How long look-ups take while servers send at full speed: npm run bench --workspace @waybill/desk -- --help
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { encodeOtlp } from '@waybill/trail'
import { refundTrail } from '../fixtures/refundTrail.ts'
import { startDeskProcess } from '../fixtures/startDeskProcess.ts'
import type { Load, Sent } from './sendBodies.ts'

const { values } = parseArgs({
  options: {
    bodies: { type: 'string', default: '240' },
    connections: { type: 'string', default: '16' },
    pace: { type: 'string', default: '50' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  console.log(`npm run bench --workspace @waybill/desk -- [--bodies 240] [--connections 16] [--pace 50] [--check]

  --bodies       of 500 steps, sent at full speed.
  --connections  over which they are sent.
  --pace         look-ups a second meanwhile.
  --check        ends with 1 when a look-up's p99, or the longest hold of the event loop, is over 50 ms.

The desk, who sends and who looks up are a process each, so on few processors, or beside other work, all of them wait for one another.
"held" is how long the desk's main thread could do nothing else; "memory" is the most that its process ever had.`)
  process.exit()
}

const [TOKEN, KEY] = ['token-of-the-bench', 'key-of-the-bench']
const MOST_MS = 50
const folder = mkdtempSync(join(tmpdir(), 'waybill-bench-'))
const desk = await startDeskProcess({
  database: join(folder, 'desk.db'),
  readToken: TOKEN,
  ingestKeys: [KEY],
  limits: { lookUpsPerMinute: 1_000_000, serverRequestsPerMinute: 1_000_000 },
})
try {
  const { servers, reference } = refundTrail()
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${KEY}` }
  await fetch(`${desk.url}/v1/traces`, { method: 'POST', headers, body: JSON.stringify(encodeOtlp(servers)) })
  // The first ones find everything cold.
  for (let count = 0; count < 200; count++) await lookUp(reference)
  const connections = Number(values.connections)
  await tell('nobody sends', reference, undefined)
  const steady = { connections, stepsPerBody: 500, bodies: Number(values.bodies) }
  await tell(`${connections} connections send bodies of 500 steps`, reference, steady)
  await tell('one body of 20,000 steps', reference, { connections: 1, stepsPerBody: 20_000, bodies: 1 })
  await tell('100 bodies of 20,000 steps at once', reference, {
    connections: 100,
    stepsPerBody: 20_000,
    bodies: 1,
    again: 100,
  })
} finally {
  await desk.kill()
  rmSync(folder, { recursive: true })
}

/** Looks up at a steady pace until everything is sent, and prints what came of it. */
async function tell(title: string, reference: string, load: Omit<Load, 'url' | 'key'> | undefined): Promise<void> {
  const sender =
    load && fork(join(import.meta.dirname, 'sendBodies.ts'), [JSON.stringify({ ...load, url: desk.url, key: KEY })])
  if (sender) await once(sender, 'message')
  await desk.measure()
  sender?.send('go')
  let sent: Sent | undefined
  const end = sender ? once(sender, 'message').then(([message]) => (sent = message as Sent)) : sleep(3000)
  const over = new AbortController()
  void end.finally(() => over.abort())
  const latencies: number[] = []
  let failed = 0
  const asked: Promise<void>[] = []
  const begun = performance.now()
  for (let turn = 0; !over.signal.aborted; turn++) {
    const due = begun + (turn * 1000) / Number(values.pace)
    await sleep(Math.max(0, due - performance.now()))
    const answered = lookUp(reference).then(() => void latencies.push(performance.now() - due))
    asked.push(answered.catch(() => void failed++))
  }
  await Promise.all(asked)
  await end
  const { p99Ms, maxMs, mostWorkMs, mostBytes } = await desk.measure()
  latencies.sort((a, b) => a - b)
  const at = (share: number): string => (latencies[Math.floor((latencies.length - 1) * share)] ?? Number.NaN).toFixed(1)
  console.log(`\n${title}`)
  if (load && sent) {
    const { statuses, seconds } = sent
    const taken = (statuses[200] ?? 0) * load.stepsPerBody
    console.log(
      `  sent        ${(taken / seconds).toFixed(0)} steps/s for ${seconds.toFixed(1)} s; answers ${JSON.stringify(statuses)}`,
    )
  }
  console.log(
    `  look-ups    ${latencies.length}, p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, max ${at(1)} ms, ${failed} failed`,
  )
  console.log(
    `  event loop  held p99 ${p99Ms.toFixed(1)} ms, max ${maxMs.toFixed(1)} ms; by its own work ${mostWorkMs.toFixed(1)} ms at most`,
  )
  console.log(`  memory      ${(mostBytes / 1e6).toFixed(0)} MB at most`)
  if (values.check && (failed > 0 || Number(at(0.99)) > MOST_MS || maxMs > MOST_MS)) process.exitCode = 1
}

async function lookUp(reference: string): Promise<void> {
  const response = await fetch(`${desk.url}/api/trails/${reference}`, { headers: { authorization: `Bearer ${TOKEN}` } })
  if (response.status !== 200) throw new Error(`A look-up was answered with ${response.status}.`)
  await response.arrayBuffer()
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
