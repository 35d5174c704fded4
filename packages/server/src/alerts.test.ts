import { setTimeout as sleep } from 'node:timers/promises'
import { IncomingWebhook } from '@slack/webhook'
import { mintReference, mintSpanId, traceIdOf, traceparentOf } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { referencesInAlert, tracedAlerts } from '@waybill/server/alerts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { collectSteps } from '../fixtures/collectSteps.ts'
import { PRIVATE, PRIVATE_PARTS } from '../fixtures/privateText.ts'
import { startVendor } from '../fixtures/startVendor.ts'
import type { Vendor } from '../fixtures/startVendor.ts'

const deskUrl = 'https://desk.shop.example'
const { steps, listeners } = collectSteps(PRIVATE_PARTS)
const waybill = createWaybill({ service: 'refund-worker', ...listeners })
const alerts = tracedAlerts(waybill, { deskUrl })
let vendor: Vendor

beforeAll(async () => {
  vendor = await startVendor({ status: 202, body: { status: 'success' } })
})
afterAll(() => vendor.stop())
beforeEach(() => {
  vendor.requests.length = vendor.replies.length = 0
})

/** As one attempt of a worker does what it does when its work is given up. */
const asAction = <T>(fn: () => Promise<T>, context = waybill.mint()): Promise<T> =>
  waybill.resume(context, () => waybill.run({ hop: 'worker', name: 'refunds' }, fn))

const manyReferences = (count: number): Reference[] => Array.from({ length: count }, () => mintReference())

const post = (body: unknown): Promise<Response> =>
  fetch(`${vendor.url}/v2/enqueue`, { method: 'POST', body: JSON.stringify(body) })

describe('raise', () => {
  test('is a step under the reference in force, and gives what sending gives', async () => {
    const context = waybill.mint()
    const given = await asAction(
      () =>
        alerts.raise({ name: 'refund failed', channel: 'slack' }, async ({ fields }) => {
          await waybill.run({ hop: 'database', name: 'alert noted' }, () => undefined)
          return fields
        }),
      context,
    )
    const { reference, traceId } = context
    expect(given).toEqual({
      trace_reference: reference,
      trace_id: traceId,
      trail_url: `${deskUrl}/trail/${reference}`,
    })
    const [database, alert, worker] = steps
    expect(alert).toMatchObject({ hop: 'alert', name: 'refund failed', reference, parentId: worker?.id, status: 'ok' })
    expect(alert?.attributes).toEqual({ 'messaging.destination.name': 'slack' })
    expect(database?.parentId).toBe(alert?.id)
  })

  test('says a foreign trace-id as it is', async () => {
    const [reference, traceId] = [mintReference(), '0af7651916cd43dd8448eb211c80319c']
    const traceparent = traceparentOf(traceId, { spanId: mintSpanId() })
    const context = waybill.accept({ 'Trace-Reference': reference, traceparent })
    const fields = await asAction(() => alerts.raise({ name: 'refund failed' }, (alert) => alert.fields), context)
    expect(fields).toMatchObject({ trace_reference: reference, trace_id: traceId })
  })

  test('outside of a context has no fields, records nothing, and never has the last reference', async () => {
    await asAction(() => alerts.raise({ name: 'refund failed' }, () => undefined))
    steps.length = 0
    const trigger = { routing_key: 'r'.repeat(32), event_action: 'trigger' } as const
    const diskFull = { summary: 'The disk is full', source: 'db-1', severity: 'critical' } as const
    const shapes = await alerts.raise({ name: 'disk is full', references: ['nonsense'] }, (alert) => [
      waybill.current(),
      alert.fields,
      alert.alertmanager({ labels: { alertname: 'DiskFull' } }),
      alert.slack({ text: 'The disk is full' }),
      alert.pagerDuty({ ...trigger, payload: diskFull }),
    ])
    expect(shapes).toEqual([
      undefined,
      {},
      { labels: { alertname: 'DiskFull' }, annotations: {} },
      {
        text: 'The disk is full',
        blocks: [{ type: 'section', text: { type: 'plain_text', text: 'The disk is full' } }],
      },
      { ...trigger, payload: { ...diskFull, custom_details: {} } },
    ])
    expect(steps).toEqual([])
  })

  test('of an alert about many, gives ten and the count, and tells of it in each of those trails, linked both ways', async () => {
    const failed = manyReferences(37)
    const run = waybill.mint()
    const fields = await asAction(
      () => alerts.raise({ name: 'refunds failing', references: [...failed, failed[0]!] }, (alert) => alert.fields),
      run,
    )
    expect(fields).toMatchObject({
      trace_reference: run.reference,
      trace_references: failed.slice(0, 10).join(' '),
      trace_reference_count: '37',
    })
    const told = steps.filter(({ hop }) => hop === 'alert')
    const own = told.find(({ reference }) => reference === run.reference)
    expect(own?.links?.map(({ rel, reference }) => [rel, reference])).toEqual(
      failed.slice(0, 10).map((reference) => ['parent', reference]),
    )
    const inTrails = told.filter((step) => step !== own)
    expect(inTrails.map(({ reference }) => reference)).toEqual(failed.slice(0, 10))
    const back = { rel: 'child', reference: run.reference, traceId: run.traceId, spanId: own?.id }
    for (const step of inTrails)
      expect(step).toMatchObject({ name: 'refunds failing', traceId: traceIdOf(step.reference), links: [back] })
  })

  test('about many outside of a context names those alone, though the step has a trail of its own', async () => {
    const failed = manyReferences(2)
    const fields = await alerts.raise({ name: 'refunds failing', references: failed }, (alert) => alert.fields)
    expect(fields).toEqual({ trace_references: failed.join(' '), trace_reference_count: '2' })
    expect(new Set(steps.map(({ reference }) => reference)).size).toBe(3)
  })

  test('tells once of an action that is in force and listed too', async () => {
    const context = waybill.mint()
    await asAction(() => alerts.raise({ name: 'x', references: [context.reference] }, () => undefined), context)
    expect(steps.filter(({ hop }) => hop === 'alert')).toHaveLength(1)
  })

  const wrongCheck = 'RF7-K29-QX2'
  test.each([
    ['a wrong check symbol', [wrongCheck]],
    ['lower case', ['rf7-k29-qxr']],
    ['text around it', ['RF7-K29-QXR\n<!channel>']],
    ['a text in place of a list', 'RF7-K29-QXR'],
    ['no texts', [null, undefined, 7, {}]],
  ])('leaves out %s', async (_, references) => {
    const listed = references as Iterable<string>
    expect(await alerts.raise({ name: 'x', references: listed }, (alert) => alert.fields)).toEqual({})
  })

  test('throws what sending throws, as it was, and records its class alone', async () => {
    const thrown = Object.assign(new RangeError(PRIVATE.prompt), { body: PRIVATE.prompt })
    const [other] = manyReferences(1)
    const sending = asAction(() =>
      alerts.raise({ name: 'refund failed', references: [other!] }, () => Promise.reject(thrown)),
    )
    await expect(sending).rejects.toBe(thrown)
    const told = steps.filter(({ hop }) => hop === 'alert')
    expect(told.map(({ status, error }) => [status, error])).toEqual([
      ['error', { type: 'RangeError' }],
      ['error', { type: 'RangeError' }],
    ])
  })

  test('takes an answer of fetch that is no success for a failure to send', async () => {
    vendor.replies.push({ status: 400, body: { message: PRIVATE.prompt } })
    const response = await asAction(() => alerts.raise({ name: 'refund failed' }, (alert) => post(alert.fields)))
    expect(response.status).toBe(400)
    expect(steps.find(({ hop }) => hop === 'alert')).toMatchObject({ status: 'error', error: { type: '400' } })
  })

  test('gives none of 100 alerts at once another one’s reference', async () => {
    const contexts = Array.from({ length: 100 }, () => waybill.mint())
    await Promise.all(
      contexts.map((context, i) =>
        asAction(async () => {
          await sleep(i % 7)
          await alerts.raise({ name: 'refund failed' }, (alert) =>
            post(alert.alertmanager({ labels: { alertname: String(i) } })),
          )
        }, context),
      ),
    )
    const wrong = vendor.requests.filter(({ body }) => {
      const { labels, annotations } = Object(body)
      return annotations.trace_reference !== contexts[Number(labels.alertname)]?.reference
    })
    expect([vendor.requests.length, wrong]).toEqual([100, []])
  })
})

test.each([
  'desk.shop.example',
  'javascript:alert(1)',
  'https://me:secret@desk.example',
  'https://desk.example/?token=x',
])('refuses %s as the desk’s address, at once and without repeating it', (wrong) => {
  expect(() => tracedAlerts(waybill, { deskUrl: wrong })).toThrow(/^\[waybill\] The desk’s address(?!.*secret@)/)
})

describe('Slack, by its own client against a loopback server', () => {
  const slack = () => new IncomingWebhook(`${vendor.url}/services/T/B/x`)

  test('has the reference in a field that leads to the trail, and in the text that notifications show', async () => {
    const context = waybill.mint()
    const { reference } = context
    await asAction(
      () => alerts.raise({ name: 'refund failed' }, (alert) => slack().send(alert.slack({ text: 'A refund failed.' }))),
      context,
    )
    expect(vendor.requests[0]?.body).toEqual({
      text: `A refund failed. (${reference})`,
      blocks: [
        { type: 'section', text: { type: 'plain_text', text: 'A refund failed.' } },
        {
          type: 'section',
          block_id: 'trace_reference',
          fields: [{ type: 'mrkdwn', text: `*Reference*\n<${deskUrl}/trail/${reference}|${reference}>` }],
        },
      ],
    })
  })

  test('shows what has a meaning in its grammar as it is written, without control characters', async () => {
    const text = 'a <!channel> & <https://evil.example|RF7-K29-QXR>\u0000\u202e\r\n*two*'
    const message = await asAction(() => alerts.raise({ name: 'x' }, (alert) => alert.slack({ text })))
    expect(message.text).toMatch(/^a &lt;!channel&gt; &amp; &lt;https:\/\/evil\.example\|RF7-K29-QXR&gt;\n\*two\* \(/)
    expect(message.blocks[0]).toMatchObject({
      text: { type: 'plain_text', text: 'a <!channel> & <https://evil.example|RF7-K29-QXR>\n*two*' },
    })
  })

  test('keeps to Slack’s limits, however long the text and the desk’s address are', async () => {
    const far = tracedAlerts(waybill, { deskUrl: `https://desk.example/${'a&|'.repeat(200)}` })
    const references = manyReferences(12)
    const message = await far.raise({ name: 'x', references }, (alert) => alert.slack({ text: 'x'.repeat(9000) }))
    const { blocks } = message as unknown as { blocks: [{ text: { text: string } }, { fields: { text: string }[] }] }
    expect(blocks[0].text.text).toHaveLength(3000)
    expect(blocks[1].fields[0]?.text).toBe(`*12 references*\n${references.slice(0, 10).join('\n')}\nand 2 more`)
    const near = await asAction(() => far.raise({ name: 'x' }, (alert) => alert.slack({ text: '' })))
    const link = /<([^|>]*)\|[^|>]*>$/.exec(JSON.stringify(near.blocks[0]).slice(0, -4))?.[1]
    expect(link).toMatch(/^https:\/\/desk\.example\/(a&amp;%7C)+\/trail\//)
  })

  test('adds to blocks of one’s own, and takes the place of what an earlier alert left in them', async () => {
    const header = { type: 'header', text: { type: 'plain_text', text: 'Refunds' } }
    const first = await asAction(() =>
      alerts.raise({ name: 'x' }, (alert) => alert.slack({ text: 'x', blocks: [header] })),
    )
    const context = waybill.mint()
    const again = await asAction(
      () => alerts.raise({ name: 'x' }, (alert) => alert.slack({ text: 'x', blocks: first.blocks })),
      context,
    )
    expect(again.blocks).toHaveLength(2)
    expect(again.blocks[0]).toBe(header)
    expect(JSON.stringify(again.blocks[1])).toContain(context.reference)
    expect(first.blocks).not.toEqual(again.blocks)
  })

  test('keeps the reference over the client’s retries, and a failure is told by its class', async () => {
    vendor.replies.push({ status: 503, body: PRIVATE.prompt })
    const client = new IncomingWebhook(vendor.url, { retryConfig: { retries: 1, minTimeout: 1, maxTimeout: 1 } })
    const { reference } = await asAction(async () => {
      await alerts.raise({ name: 'refund failed' }, (alert) => client.send(alert.slack({ text: PRIVATE.prompt })))
      return waybill.current()!
    })
    expect(vendor.requests.map(({ body }) => JSON.stringify(body).includes(`|${reference}>`))).toEqual([true, true])
    expect(steps.find(({ hop }) => hop === 'alert')?.status).toBe('ok')
    steps.length = 0
    vendor.replies.push({ status: 404, body: PRIVATE.prompt })
    const sending = asAction(() =>
      alerts.raise({ name: 'x' }, (alert) => slack().send(alert.slack({ text: PRIVATE.prompt }))),
    )
    await expect(sending).rejects.toThrow('statusCode = 404')
    expect(steps[0]).toMatchObject({ hop: 'alert', status: 'error', error: { type: 'IncomingWebhookHTTPError' } })
  })
})

describe('Alertmanager, by a loopback server that checks as its API v2 does and groups by labels', () => {
  interface ManagedAlert {
    readonly labels: Readonly<Record<string, string>>
    readonly annotations?: Readonly<Record<string, string>> | undefined
    readonly startsAt?: string | undefined
  }

  /** What `POST /api/v2/alerts` takes, as the notification that receivers get of it: one alert for each set of labels. */
  function notificationOf(posted: readonly ManagedAlert[]) {
    const alerts = new Map<string, ManagedAlert>()
    for (const alert of posted) {
      expect(
        Object.keys(alert).filter(
          (key) => !['labels', 'annotations', 'startsAt', 'endsAt', 'generatorURL'].includes(key),
        ),
      ).toEqual([])
      for (const [name, value] of Object.entries({ ...alert.labels, ...alert.annotations })) {
        expect(name).toMatch(/^[a-zA-Z_][a-zA-Z0-9_]*$/)
        expect(typeof value).toBe('string')
      }
      expect(Object.keys(alert.labels)).not.toEqual([])
      alerts.set(JSON.stringify(Object.entries(alert.labels)), alert)
    }
    return { version: '4', status: 'firing', receiver: 'pages', alerts: [...alerts.values()] }
  }

  test('the reference is an annotation and no label, so alerts are grouped as before, and a receiver goes on under it', async () => {
    const labels = { alertname: 'RefundFailed', severity: 'page' }
    const [first, second] = [waybill.mint(), waybill.mint()]
    const posted: ManagedAlert[] = []
    for (const context of [first, second])
      await asAction(
        () =>
          alerts.raise({ name: 'refund failed' }, async (alert) => {
            const response = await post([alert.alertmanager({ labels, annotations: { summary: 'A refund failed.' } })])
            posted.push(...(vendor.requests.at(-1)?.body as ManagedAlert[]))
            return response
          }),
        context,
      )
    expect(posted.map((alert) => alert.labels)).toEqual([labels, labels])
    const notification = notificationOf(posted)
    expect(notification.alerts).toHaveLength(1)
    expect(notification.alerts[0]?.annotations).toEqual({
      summary: 'A refund failed.',
      trace_reference: second.reference,
      trace_id: second.traceId,
      trail_url: `${deskUrl}/trail/${second.reference}`,
    })
    steps.length = 0
    for (const { annotations } of notification.alerts)
      for (const reference of referencesInAlert(annotations))
        await waybill.run(
          { hop: 'webhook', name: 'Alertmanager', parent: waybill.accept({ 'Trace-Reference': reference }) },
          () => undefined,
        )
    expect(steps.map(({ hop, reference }) => [hop, reference])).toEqual([['webhook', second.reference]])
  })

  test('of many, a receiver reads the ten; what is none, or forged, it passes over', async () => {
    const failed = manyReferences(12)
    const alert = { labels: { alertname: 'RefundsFailing' } }
    const [{ annotations } = { annotations: {} }] = notificationOf([
      await alerts.raise({ name: 'refunds failing', references: failed }, (raised) => raised.alertmanager(alert)),
    ]).alerts
    expect(alert).toEqual({ labels: { alertname: 'RefundsFailing' } })
    expect(referencesInAlert(annotations)).toEqual(failed.slice(0, 10))
    for (const forged of [
      null,
      'RF7-K29-QXR',
      [],
      { trace_reference: 'RF7-K29-QX2' },
      { trace_references: 'x '.repeat(1e5) },
    ])
      expect(referencesInAlert(forged)).toEqual([])
  })

  test('an alert that is sent again outside of a context keeps no reference of the last time', async () => {
    const labels = { alertname: 'RefundFailed' }
    const first = await asAction(() =>
      alerts.raise({ name: 'x' }, (alert) => alert.alertmanager({ labels, annotations: { summary: 's' } })),
    )
    const again = await alerts.raise({ name: 'x' }, (alert) => alert.alertmanager(first))
    expect(again).toEqual({ labels, annotations: { summary: 's' } })
  })
})

describe('PagerDuty’s Events API v2, contract-tested, not tried against the live vendor', () => {
  const event = {
    routing_key: 'r'.repeat(32),
    event_action: 'trigger',
    dedup_key: 'refunds-failing',
    payload: {
      summary: 'A refund failed.',
      source: 'refund-worker',
      severity: 'error',
      custom_details: { queue: 'refunds' },
    },
    links: [{ href: 'https://runbooks.example/refunds', text: 'Runbook' }],
  } as const

  test('the reference is in the details and the trail a link; what makes the incident stays the alert’s own', async () => {
    const context = waybill.mint()
    const { reference, traceId } = context
    const response = await asAction(
      () => alerts.raise({ name: 'refund failed' }, (alert) => post(alert.pagerDuty(event))),
      context,
    )
    expect(response.status).toBe(202)
    const trail_url = `${deskUrl}/trail/${reference}`
    expect(vendor.requests[0]?.body).toEqual({
      ...event,
      payload: {
        ...event.payload,
        custom_details: { queue: 'refunds', trace_reference: reference, trace_id: traceId, trail_url },
      },
      links: [...event.links, { href: trail_url, text: `Trail of ${reference}` }],
    })
    const { custom_details } = Object(vendor.requests[0]?.body).payload
    expect(referencesInAlert(custom_details)).toEqual([reference])
  })

  test('links to the ten of many, and leaves what resolves an incident alone', async () => {
    const references = manyReferences(11)
    const resolve = { routing_key: event.routing_key, event_action: 'resolve', dedup_key: event.dedup_key } as const
    const [sent, resolved] = await alerts.raise(
      { name: 'x', references },
      (alert) => [alert.pagerDuty(event), alert.pagerDuty(resolve)] as const,
    )
    expect(sent.links?.slice(1).map(({ href }) => href)).toEqual(
      references.slice(0, 10).map((reference) => `${deskUrl}/trail/${reference}`),
    )
    expect(resolved).toEqual(resolve)
    const again = await alerts.raise({ name: 'x' }, (alert) => alert.pagerDuty(sent))
    expect(again).toEqual(event)
  })

  test('keeps details that are only a text, and has no links without a desk', async () => {
    const plain = { ...event, links: undefined, payload: { ...event.payload, custom_details: 'as a text' } }
    const sent = await asAction(() => tracedAlerts(waybill).raise({ name: 'x' }, (alert) => alert.pagerDuty(plain)))
    expect(sent.links).toBeUndefined()
    expect(sent.payload?.custom_details).toMatchObject({ details: 'as a text', trace_reference: expect.any(String) })
  })
})
