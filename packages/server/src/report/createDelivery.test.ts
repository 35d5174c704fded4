import { once } from 'node:events'
import { createServer } from 'node:http'
import type { ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { createWaybill } from '@waybill/server'
import type { ServerWaybill } from '@waybill/server'
import { decodeOtlp } from '@waybill/trail'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { listen } from '../../fixtures/listen.ts'

interface Post {
  readonly bytes: Buffer
  readonly isZipped: boolean
  readonly names: readonly string[]
  readonly response: ServerResponse
}

let posts: Post[] = []
let faults: string[] = []
/** What the desk does with a request; by default it takes the steps. */
let answer: (post: Post) => void = taken
let arrived: string[] = []
let url = ''
let waybill: ServerWaybill
const desk = createServer(async (request, response) => {
  const bytes = await buffer(request)
  const isZipped = request.headers['content-encoding'] === 'gzip'
  const { steps } = decodeOtlp(JSON.parse(String(isZipped ? gunzipSync(bytes) : bytes)))
  const post = { bytes, isZipped, names: steps.map(({ name }) => name), response }
  posts.push(post)
  answer(post)
})

function taken({ names, response }: Post): void {
  arrived.push(...names)
  response.setHeader('content-type', 'application/json').end('{}')
}

function refused(status: number): (post: Post) => void {
  return ({ response }) => response.writeHead(status).end()
}

function create(maxWaiting?: number): void {
  waybill = createWaybill({
    service: 'refund-worker',
    deliverTo: url,
    maxWaiting,
    onError: (error) => faults.push(String(error)),
  })
}

function record(count: number, from = 0): string[] {
  const names = Array.from({ length: count }, (_, i) => `step ${from + i}`)
  for (const name of names) waybill.begin({ hop: 'worker', name }).end()
  return names
}

/** How many steps it says are gone, in all that it said. */
function toldGone(): number {
  return faults.reduce((sum, fault) => sum + Number(/(\d+) steps (?:were dropped|are lost)/.exec(fault)?.[1] ?? 0), 0)
}

beforeEach(async () => {
  posts = []
  faults = []
  arrived = []
  answer = taken
  url = (await listen(desk)).origin
  create()
})
afterEach(async () => {
  answer = taken
  await waybill.stop()
  desk.closeAllConnections()
  desk.close()
  await once(desk, 'close')
})

describe('delivery', () => {
  test('has four requests in flight, and loses nothing whichever is answered first', async () => {
    answer = () => undefined
    const names = record(1024 * 6)
    await expect.poll(() => posts.length).toBe(4)
    const held = posts.splice(0)
    expect(held.map((post) => post.names.length)).toEqual([1024, 1024, 1024, 1024])
    answer = taken
    for (const post of held.toReversed()) taken(post)
    await waybill.flush()
    expect(arrived).toHaveLength(names.length)
    expect(new Set(arrived)).toEqual(new Set(names))
  })

  test('asks a desk that failed by one request alone, and goes on as before when that is taken', async () => {
    answer = refused(500)
    const names = record(1024 * 4)
    await waybill.flush()
    const failed = posts.splice(0).length
    expect(failed).toBeGreaterThan(0)
    answer = () => undefined
    const flushed = waybill.flush()
    await expect.poll(() => posts.length).toBe(1)
    answer = taken
    posts.forEach(taken)
    await flushed
    expect(new Set(arrived)).toEqual(new Set(names))
    expect(faults).toEqual([expect.stringContaining('did not take steps (status 500)')])
  })

  test('encodes a batch once, however often it is sent', async () => {
    answer = refused(503)
    record(300)
    await waybill.flush()
    answer = taken
    await waybill.flush()
    expect(posts).toHaveLength(2)
    expect(posts[0]?.bytes.equals(posts[1]?.bytes ?? Buffer.alloc(0))).toBe(true)
  })

  test('compresses what is large, and nothing else', async () => {
    record(20)
    await waybill.flush()
    record(1024)
    await waybill.flush()
    expect(posts.map(({ isZipped }) => isZipped)).toEqual([false, true])
    expect(posts[1]?.bytes.length).toBeLessThan(64 * 1024)
    expect(arrived).toHaveLength(1044)
  })

  test.each([400, 415])('sends it plain to whom it means nothing compressed (%d)', async (status) => {
    answer = (post) => (post.isZipped ? refused(status)(post) : taken(post))
    const names = record(1024 * 6)
    await waybill.flush()
    expect(new Set(arrived)).toEqual(new Set(names))
    expect(faults).toEqual([])
  })

  test('makes smaller batches for an intake that finds one too large', async () => {
    answer = (post) => (post.names.length > 100 ? refused(413)(post) : taken(post))
    const names = record(1024)
    await waybill.flush()
    expect(new Set(arrived)).toEqual(new Set(names))
    posts = []
    record(1024, 1024)
    await waybill.flush()
    expect(posts.map((post) => post.names.length).every((count) => count <= 128)).toBe(true)
    expect(arrived).toHaveLength(2048)
  })

  test('waits in flush for what was there, not for what comes meanwhile', async () => {
    let isFlushed = false
    answer = (post) => {
      taken(post)
      if (!isFlushed) record(1024, arrived.length)
    }
    record(1024)
    await waybill.flush()
    isFlushed = true
    expect(arrived).toContain('step 1023')
  })
})

describe('back-pressure', () => {
  test('a burst that fits is delivered whole', async () => {
    const names = record(20_000)
    await waybill.flush()
    expect(new Set(arrived)).toEqual(new Set(names))
    expect(faults).toEqual([])
  })

  test('of a burst that does not fit the oldest are dropped, said truly and counted to the step', async () => {
    create(1000)
    const names = record(2500)
    await waybill.flush()
    expect(arrived.toSorted()).toEqual(names.slice(1500).toSorted())
    expect(faults).toEqual([
      expect.stringMatching(/More than 1000 steps wait, because they come faster than they can be sent/),
      expect.stringMatching(/caught up\. 1500 steps were dropped/),
    ])
  })

  test('a desk that takes them more slowly than they come is known for that, once, and nothing is lost uncounted', async () => {
    create(4000)
    const held: Post[] = []
    answer = (post) => held.push(post)
    record(1024 * 4)
    await expect.poll(() => held.length).toBe(4)
    for (let i = 4; i < 14; i++) {
      record(1024, i * 1024)
      // Batches are packed in between.
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await new Promise((resolve) => setImmediate(resolve))
    }
    answer = taken
    held.forEach(taken)
    await waybill.flush()
    expect(faults.filter((fault) => fault.includes('oldest are dropped'))).toHaveLength(1)
    expect(faults.join()).not.toMatch(/address|key/)
    expect(toldGone()).toBeGreaterThan(0)
    expect(arrived.length + toldGone()).toBe(1024 * 14)
    expect(new Set(arrived).size).toBe(arrived.length)
  })

  test('a desk that is away is known for that, and each step is delivered or counted', async () => {
    create(1000)
    answer = ({ response }) => response.destroy()
    for (let i = 0; i < 6; i++) {
      record(500, i * 500)
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await waybill.flush()
    }
    await waybill.stop()
    expect(faults).toEqual([
      expect.stringMatching(/did not take steps \(UND_ERR_SOCKET\)/),
      expect.stringMatching(/which takes none \(UND_ERR_SOCKET\), so the oldest are dropped/),
      expect.stringMatching(/2000 steps were dropped/),
      expect.stringMatching(/1000 steps are lost/),
    ])
    expect(toldGone()).toBe(3000)
  })

  test('a busy desk is said to be busy, not that its address is wrong', async () => {
    answer = refused(503)
    record(1)
    await waybill.flush()
    expect(faults).toEqual([expect.stringMatching(/takes no more steps right now \(status 503\)/)])
  })
})
