import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { encodeOtlp } from '@waybill/trail'
import type { Step } from '@waybill/trail'
import type { StartDeskOptions } from '@waybill/desk'
import { afterAll, expect, test } from 'vitest'
import { SERVER_KEY, TOKEN } from '../../fixtures/openDesk.ts'
import { refundTrail } from '../../fixtures/refundTrail.ts'
import { startDeskProcess } from '../../fixtures/startDeskProcess.ts'
import type { DeskProcess } from '../../fixtures/startDeskProcess.ts'
import { startPostgres } from '../../fixtures/startPostgres.ts'
import type { PostgresEnd } from '../../fixtures/startPostgres.ts'

const KILLS = Number(process.env['KILLS'] ?? 3)
const CONNECTIONS = 4

const server = await startPostgres()
afterAll(() => server?.[Symbol.asyncDispose]())

/** Desks on a database of their own. */
async function openField() {
  const { address, query } = await server!.makeDatabase()
  const options: StartDeskOptions = {
    database: address,
    hashSecret: randomBytes(32).toString('base64'),
    readToken: TOKEN,
    ingestKeys: [SERVER_KEY],
    limits: { lookUpsPerMinute: 1_000_000 },
  }
  return {
    options,
    /** Every id that the tables hold, as often as they hold it. */
    async kept(): Promise<string[]> {
      return (await query("SELECT step::json->>'id' AS id FROM waybill.step")).map(({ id }) => String(id))
    },
  }
}

test.skipIf(!server)(
  `of two desks on one database, one of which is killed ${KILLS} times under load, no acknowledged step is lost and none is there twice`,
  async () => {
    const { options, kept } = await openField()
    const [steady, first] = await Promise.all([startDeskProcess(options), startDeskProcess(options)])
    let mortal = first
    let next = 0
    const acknowledged = new Set<string>()
    const shared: Step[][] = []
    const over = new AbortController()
    const send = async (desk: DeskProcess, steps: readonly Step[]): Promise<void> => {
      const { status } = await sendTo(desk.url, steps)
      if (status === 200) for (const { id } of steps) acknowledged.add(id)
    }
    const keepSending = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const turn = next++
        // Now and then the same steps to both at once, and what was sent to one before to the other.
        const again = shared[turn % Math.max(shared.length, 1)]
        const steps = turn % 5 === 0 && again ? again : refundTrail().servers
        if (turn % 3 === 0) shared[turn % 50] = [...steps]
        if (turn % 4 === 0) await Promise.all([send(steady, steps), send(mortal, steps)])
        else await send(turn % 2 === 0 ? steady : mortal, steps)
      }
    }
    const load = Array.from({ length: CONNECTIONS }, keepSending)
    try {
      for (let kill = 1; kill <= KILLS; kill++) {
        const enough = acknowledged.size + 100 + Math.floor(Math.random() * 400)
        await expect.poll(() => acknowledged.size).toBeGreaterThan(enough)
        await mortal.kill()
        mortal = await startDeskProcess(options)
      }
    } finally {
      over.abort()
      await Promise.all(load)
      await Promise.all([steady.kill(), mortal.kill()])
    }
    const there = await kept()
    const ids = new Set(there)
    expect([...acknowledged].filter((id) => !ids.has(id))).toEqual([])
    expect(there).toHaveLength(ids.size)
    console.log(`${KILLS} kills, ${acknowledged.size} acknowledged steps, none lost, none doubled`)
  },
  120_000 + KILLS * 30_000,
)

test.skipIf(!server).each<PostgresEnd>(['fast', 'immediate', 'killed'])(
  'when PostgreSQL is away (%s) intake and look-ups answer 503 in words, nothing acknowledged is lost, and the desk goes on by itself',
  async (how) => {
    const { options, kept } = await openField()
    const desk = await startDeskProcess(options)
    const acknowledged: Step[] = []
    const refused: Answer[] = []
    const over = new AbortController()
    const keepSending = async (): Promise<void> => {
      while (!over.signal.aborted) {
        const { servers } = refundTrail()
        const answer = await sendTo(desk.url, servers)
        if (answer.status === 200) acknowledged.push(...servers)
        else refused.push(answer)
      }
    }
    const load = Array.from({ length: CONNECTIONS }, keepSending)
    try {
      await expect.poll(() => acknowledged.length).toBeGreaterThan(100)
      const [known] = acknowledged
      expect((await lookUp(desk.url, known!.reference)).status).toBe(200)
      await server!.stop(how)
      await expect.poll(() => refused.length).toBeGreaterThan(3)
      const missed = await lookUp(desk.url, known!.reference)
      expect(missed).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) })
      expect(missed.text).toContain('The desk cannot ask its database right now.')
      expect(await ready(desk.url)).toBe(503)
      await server!.start()
      const before = acknowledged.length
      await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 100)
      await expect.poll(() => lookUp(desk.url, known!.reference)).toMatchObject({ status: 200 })
      await expect.poll(() => ready(desk.url)).toBe(200)
    } finally {
      over.abort()
      await Promise.all(load)
      await desk.kill()
    }
    for (const answer of refused)
      expect(answer).toMatchObject({ status: 503, retryAfter: expect.stringMatching(/^\d+$/) })
    const there = await kept()
    const ids = new Set(there)
    expect(acknowledged.filter(({ id }) => !ids.has(id))).toEqual([])
    expect(there).toHaveLength(ids.size)
  },
)

interface Answer {
  /** 0 where there was none. */
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
}

async function sendTo(url: string, steps: readonly Step[]): Promise<Answer> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${SERVER_KEY}` }
  const answer = await ask(`${url}/v1/traces`, { method: 'POST', headers, body: JSON.stringify(encodeOtlp(steps)) })
  // As a sender does that is asked to come again.
  if (answer.status !== 200) await setTimeout(20)
  return answer
}

function lookUp(url: string, text: string): Promise<Answer> {
  return ask(`${url}/api/trails/${text}`, { headers: { authorization: `Bearer ${TOKEN}` } })
}

async function ready(url: string): Promise<number> {
  return (await ask(`${url}/readyz`)).status
}

async function ask(url: string, init?: RequestInit): Promise<Answer> {
  try {
    const response = await fetch(url, init)
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() }
  } catch {
    return { status: 0, retryAfter: null, text: '' }
  }
}
