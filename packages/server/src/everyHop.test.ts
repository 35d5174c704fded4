import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server'
import { startDesk } from '@waybill/desk'
import type { LookUpAnswer } from '@waybill/desk'
import { createWaybill } from '@waybill/server'
import { tracedAlerts } from '@waybill/server/alerts'
import { tracedChannel } from '@waybill/server/amqp'
import { queueTelemetry, tracedProcessor } from '@waybill/server/bullmq'
import { tracedClient, tracedServer } from '@waybill/server/mcp'
import { openaiFetch } from '@waybill/server/openai'
import { runBatch } from '@waybill/server/schedule'
import { tracedDatabase } from '@waybill/server/sql'
import { linkTicket } from '@waybill/server/tickets'
import { tracedDeliveries } from '@waybill/server/webhook'
import { connect } from 'amqplib'
import { Queue, Worker } from 'bullmq'
import OpenAI from 'openai'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { missingServices } from '../fixtures/missingServices.ts'
import { missingDatabases, openDatabase } from '../fixtures/openDatabase.ts'
import { PRIVATE, PRIVATE_PARTS } from '../fixtures/privateText.ts'
import { CONNECTION } from '../fixtures/queues/bullmqConnection.ts'
import { says, startModelServer } from '../fixtures/startModelServer.ts'
import { bytesIn } from '../../desk/fixtures/dayFiles.ts'

const databases = await missingDatabases()
const services = await missingServices()
const isWhole = !databases.has('PostgreSQL') && !services.has('Redis') && !services.has('RabbitMQ')

test.skipIf(!isWhole)(
  'one reference goes through every kind of hop, and the desk’s file holds nothing private',
  async () => {
    const name = `waybill-hops-${randomBytes(6).toString('hex')}`
    const folder = mkdtempSync(join(tmpdir(), 'waybill-hops-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const faults: unknown[] = []
    const desk = await startDesk({
      database: join(folder, 'desk.db'),
      readToken: 'token-for-reading',
      ingestKeys: ['secret-key-for-servers'],
      port: 0,
    })
    onTestFinished(() => desk.stop())
    const service = (called: string) =>
      createWaybill({
        service: called,
        deliverTo: desk.url,
        key: 'secret-key-for-servers',
        onError: (error) => faults.push(error),
      })
    const [api, worker, charges] = [service('shop-api'), service('refund-worker'), service('charges')]

    const database = await openDatabase('PostgreSQL')
    onTestFinished(() => database.close())
    const pool = database.openPool(2)
    await pool.query('create table refunds (id text primary key, note text, reference text)')
    const model = await startModelServer()
    onTestFinished(() => model.stop())
    const openai = new OpenAI({ baseURL: model.url, apiKey: 'k', maxRetries: 0, fetch: openaiFetch(worker) })

    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    const server = tracedServer(charges, new McpServer({ name: 'charges', version: '1.0.0' }))
    server.registerTool('lookUp', { inputSchema: z.object({ question: z.string() }) }, () => ({
      content: [{ type: 'text', text: PRIVATE.answer }],
    }))
    await server.connect(theirs)
    const tools = tracedClient(worker, new Client({ name: 'worker', version: '1.0.0' }))
    await tools.connect(ours)
    onTestFinished(() => tools.close())

    const queue = new Queue(name, { connection: CONNECTION, telemetry: queueTelemetry(api) })
    onTestFinished(async () => {
      await queue.obliterate({ force: true })
      await queue.close()
    })
    const broker = await connect('amqp://127.0.0.1')
    onTestFinished(() => broker.close())
    const channel = tracedChannel(worker, await broker.createConfirmChannel())
    const raw = await broker.createChannel()
    await raw.assertQueue(name, { autoDelete: true })

    const done: unknown[] = []
    const attempt = tracedProcessor<{ refund: string }>(
      worker,
      async (job) => {
        model.replies.push(says(PRIVATE.answer))
        await openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content: PRIVATE.prompt }] })
        await tools.callTool({ name: 'lookUp', arguments: { question: PRIVATE.prompt } })
        if (job.attemptsMade === 0) throw new RangeError(PRIVATE.answer)
        await runBatch(
          worker,
          [PRIVATE.prompt, PRIVATE.answer],
          { name: 'book a charge', describe: () => ({}) },
          () => 1,
        )
        await channel.sendToQueue(name, Buffer.from(PRIVATE.prompt))
      },
      {},
    )
    const worked = new Worker(name, attempt, { connection: CONNECTION })
    onTestFinished(() => worked.close())
    const consumer = tracedChannel(worker, raw)
    await consumer.consume(name, async (message) => {
      await tracedAlerts(worker).raise({ name: 'refund set aside', channel: 'slack' }, (alert) =>
        alert.slack({ text: PRIVATE.answer }),
      )
      if (message) raw.ack(message)
      done.push(worker.current()?.reference)
    })

    const deliveries = tracedDeliveries(api, { from: 'bank' })
    const action = api.mint()
    const handler = api.handle(
      async (request) => {
        await deliveries.received({ id: 'evt_1', stored: () => action.reference, facts: { order: 'A-1001' } })
        const { note } = Object(await request.json())
        await tracedDatabase(api, pool).transaction('refund asked for', (client) =>
          client.query("insert into refunds values ('R-1', $1, current_setting('app.trace_reference'))", [note]),
        )
        await queue.add('refund', { refund: 'R-1', note }, { attempts: 2 })
        return Response.json({}, { status: 202 })
      },
      { hop: 'webhook' },
    )
    const response = await handler(
      new Request('http://shop.example/webhooks/bank', {
        method: 'POST',
        body: JSON.stringify({ note: PRIVATE.prompt }),
      }),
    )
    expect(response.headers.get('trace-reference')).toBe(action.reference)
    await expect.poll(() => done, { timeout: 20_000 }).toEqual([action.reference])
    expect((await pool.query('select reference from refunds')).rows).toEqual([{ reference: action.reference }])
    for (const each of [api, worker, charges]) await each.flush()
    await linkTicket(
      { deskUrl: desk.url, key: 'secret-key-for-servers' },
      { reference: action.reference, value: 'ZD-4711' },
    )

    const found = await fetch(`${desk.url}/api/trails/ZD-4711`, {
      headers: { authorization: 'Bearer token-for-reading' },
    })
    const { matches } = (await found.json()) as LookUpAnswer
    expect(matches.map(({ reference }) => reference)).toEqual([action.reference])
    const told = matches[0]!.steps.filter(({ status }) => status !== 'running')
    expect(told.map((step) => [step.hop, step.service, step.name, step.attempt])).toEqual([
      ['webhook', 'shop-api', 'POST /webhooks/:id', 1],
      ['database', 'shop-api', 'refund asked for', 1],
      ['queue', 'shop-api', name, 1],
      ['worker', 'refund-worker', name, 1],
      ['model', 'refund-worker', 'chat gpt-5', 1],
      ['tool', 'refund-worker', 'lookUp', 1],
      ['tool', 'charges', 'lookUp', null],
      ['worker', 'refund-worker', name, 2],
      ['model', 'refund-worker', 'chat gpt-5', 2],
      ['tool', 'refund-worker', 'lookUp', 2],
      ['tool', 'charges', 'lookUp', null],
      ['schedule', 'refund-worker', 'book a charge', 2],
      ['schedule', 'refund-worker', 'book a charge', 2],
      ['queue', 'refund-worker', name, 2],
      ['worker', 'refund-worker', name, 1],
      ['alert', 'refund-worker', 'refund set aside', 1],
      ['support', 'support', 'ticket ZD-4711', null],
    ])
    expect(faults).toEqual([])

    const stored = bytesIn(folder).toString('latin1')
    expect(stored).toContain(action.reference)
    expect(stored).not.toMatch(PRIVATE_PARTS)
    const jobs = (await queue.getJobs()).map((job) => [job.failedReason, job.stacktrace, job.opts])
    expect(JSON.stringify(jobs)).not.toMatch(PRIVATE_PARTS)
  },
)
