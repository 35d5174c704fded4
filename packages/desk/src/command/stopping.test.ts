import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { encodeOtlp } from '@waybill/trail'
import { afterAll, expect, test } from 'vitest'
import { openDesk } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { spawnWaybill } from '../../fixtures/waybillProcess.ts'

const folder = mkdtempSync(join(tmpdir(), 'waybill-stopping-'))
afterAll(() => rmSync(folder, { recursive: true }))

const KEYS = {
  WAYBILL_DESK_TOKEN: 'a-token-for-reading-trails',
  WAYBILL_INGEST_KEY: 'a-key-for-servers-only',
  WAYBILL_BROWSER_KEY: 'a-key-for-every-browser',
}

async function startCommand(database: string) {
  const child = spawnWaybill(['desk', '--port', '0', '--database', database, '--log-format', 'json'], KEYS)
  const printed: Record<string, unknown>[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(JSON.parse(line))
    if (printed.at(-1)?.['msg'] === 'ready') break
  }
  return { child, printed, url: String(printed.at(-1)?.['url']) }
}

test('SIGTERM under load: no acknowledged step is lost, nothing that was taken stays without an answer, and it ends with 0', async () => {
  const database = join(folder, 'load.db')
  const { child, printed, url } = await startCommand(database)
  // Only JSON, and no key in it.
  expect(JSON.stringify(printed)).not.toMatch(/a-key-for|a-token-for/)
  const acknowledged: string[] = []
  const unanswered: string[] = []
  const endings: string[] = []
  async function write(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    for (;;) {
      const { servers, reference } = refundTrail()
      const answer = await post(agent, url, JSON.stringify(encodeOtlp(servers))).catch(() => null)
      if (answer?.status === 200) acknowledged.push(reference)
      else unanswered.push(reference)
      if (answer?.connection === 'keep-alive') continue
      endings.push(answer?.connection ?? 'cut')
      return agent.destroy()
    }
  }
  const writers = Array.from({ length: Number(process.env['STOP_WRITERS'] ?? 8) }, write)
  await expect.poll(() => acknowledged.length, { timeout: 30_000 }).toBeGreaterThan(30)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  await Promise.all(writers)
  expect(endings).toContain('close')

  await using desk = openDesk({ database: database })
  for (const reference of acknowledged) {
    const { matches } = await desk.lookUp(reference)
    expect(matches[0]?.steps.length).toBe(refundTrail().servers.length)
  }
  for (const reference of unanswered) expect((await desk.lookUp(reference)).matches).toEqual([])
})

test('a second signal does not wait for what is under way, and ends with 1', async () => {
  const { child, url } = await startCommand(':memory:')
  const slow = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {})
  slow.write(`POST /v1/traces HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEYS.WAYBILL_INGEST_KEY}\r\n`)
  slow.write('Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{')
  // Answered after the slow one has come in.
  await fetch(`${url}/healthz`)
  child.kill('SIGTERM')
  await expect
    .poll(() =>
      fetch(url).then(
        () => 'open',
        () => 'refused',
      ),
    )
    .toBe('refused')
  expect(child.exitCode).toBeNull()
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([1, null])
})

function post(agent: Agent, url: string, body: string) {
  return new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEYS.WAYBILL_INGEST_KEY}`, 'content-type': 'application/json' }
    request(`${url}/v1/traces`, { agent, method: 'POST', headers }, (response) => {
      response
        .resume()
        .on('error', reject)
        .on('end', () => resolve({ status: response.statusCode, connection: response.headers.connection }))
    })
      .on('error', reject)
      .end(body)
  })
}
