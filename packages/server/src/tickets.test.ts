import { Client as HubspotClient } from '@hubspot/api-client'
import { mintReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import { createWaybill } from '@waybill/server'
import { jiraRemoteLink, referencesInTicket, ticketFields } from '@waybill/server/tickets'
import { IntercomClient } from 'intercom-client'
import { createCloudClient } from 'jira.js'
import { createClient } from 'node-zendesk'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { collectSteps } from '../fixtures/collectSteps.ts'
import { startVendor } from '../fixtures/startVendor.ts'
import type { Reply, Vendor } from '../fixtures/startVendor.ts'

const deskUrl = 'https://desk.shop.example'
const [subject, description] = ['Refund of jane@example.com', 'Card 4111 1111 1111 1111. Prompt: be kind to Jane']
const { steps, listeners } = collectSteps(/jane|4111 1111|prompt/i)
const waybill = createWaybill({ service: 'refund-worker', ...listeners })
let vendor: Vendor
let reference: Reference
const trail = () => `${deskUrl}/trail/${reference}`

beforeAll(async () => {
  vendor = await startVendor({ status: 404, body: {} })
})
afterAll(() => vendor.stop())
beforeEach(() => {
  reference = mintReference()
  vendor.requests.length = vendor.replies.length = 0
})

const BUSY: Reply = {
  status: 429,
  headers: { 'retry-after': '1' },
  body: { message: 'You have reached your secondly limit.' },
}

/** Opens a ticket for an action that failed, as a step of hop `support`, which notes the ticket's number. */
async function openTicket<T>(
  name: string,
  open: (reference: Reference) => Promise<T>,
  numberOf: (ticket: T) => string,
) {
  const parent = waybill.accept({ 'Trace-Reference': reference })
  return waybill.run({ hop: 'support', name, parent }, async (step) => {
    const ticket = await open(step.context.reference)
    step.note({ ticket: numberOf(ticket) })
    return ticket
  })
}

const bodies = (): unknown[] => vendor.requests.map(({ body }) => body)

describe('by the vendors’ own clients, contract-tested against a loopback server, not tried against the live vendors', () => {
  test('Zendesk, node-zendesk: custom fields', async () => {
    vendor.replies.push({ status: 201, body: { ticket: { id: 4711, subject } } })
    const zendesk = createClient({ username: 'a', token: 't', endpointUri: `${vendor.url}/api/v2` })
    const { result } = await openTicket(
      'a Zendesk ticket',
      (known) =>
        zendesk.tickets.create({
          ticket: {
            subject,
            comment: { body: description },
            ...ticketFields(known, { vendor: 'zendesk', fieldId: 360042, linkFieldId: '360043', deskUrl }),
          },
        }),
      (created) => `ZD-${created.result.id}`,
    )
    expect(result.id).toBe(4711)
    expect(vendor.requests[0]).toMatchObject({ method: 'POST', path: '/api/v2/tickets.json' })
    expect(bodies()).toEqual([
      {
        ticket: {
          subject,
          comment: { body: description },
          custom_fields: [
            { id: 360042, value: reference },
            { id: 360043, value: trail() },
          ],
        },
      },
    ])
    expect(steps).toMatchObject([
      { hop: 'support', name: 'a Zendesk ticket', reference, status: 'ok', facts: { ticket: 'ZD-4711' } },
    ])
  })

  test('Zendesk: what the client throws, with the ticket in it, is told by class', async () => {
    vendor.replies.push({ status: 422, body: { error: { title: 'Invalid', message: description } } })
    const zendesk = createClient({ username: 'a', token: 't', endpointUri: vendor.url })
    const opening = openTicket('a Zendesk ticket', () => zendesk.tickets.create({ ticket: { subject } }), String)
    await expect(opening).rejects.toThrow(/4111/)
    expect(steps).toMatchObject([{ status: 'error', error: { type: 'Error' } }])
  })

  test('Zendesk: a 429 is no exception of the client’s, but a result without an id', async () => {
    vendor.replies.push(BUSY)
    const zendesk = createClient({ username: 'a', token: 't', endpointUri: vendor.url })
    const { result } = await zendesk.tickets.create({ ticket: { subject } })
    expect([result instanceof Error, result.id]).toEqual([true, undefined])
  })

  test('Intercom, intercom-client: attributes of a ticket and of a conversation, also on a retry', async () => {
    const ticket = { type: 'ticket', id: '9', ticket_id: '41' }
    vendor.replies.push(BUSY, { body: ticket }, { body: { type: 'conversation', id: '7' } })
    const intercom = new IntercomClient({ token: 't', environment: vendor.url })
    const created = await openTicket(
      'an Intercom ticket',
      (known) =>
        intercom.tickets.create({
          ticket_type_id: '1',
          contacts: [{ id: 'c' }],
          ...ticketFields(known, { vendor: 'intercom', deskUrl, linkField: 'waybill_trail' }),
        }),
      (each) => `IC-${each?.ticket_id}`,
    )
    expect(created?.ticket_id).toBe('41')
    await intercom.conversations.update({
      conversation_id: '7',
      ...ticketFields(reference, { vendor: 'intercom', on: 'conversation', field: 'Reference' }),
    })
    expect(vendor.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /tickets',
      'POST /tickets',
      'PUT /conversations/7',
    ])
    const fields = { ticket_attributes: { waybill_reference: reference, waybill_trail: trail() } }
    expect(bodies()).toEqual([
      expect.objectContaining(fields),
      expect.objectContaining(fields),
      { custom_attributes: { Reference: reference } },
    ])
    expect(steps).toMatchObject([{ reference, facts: { ticket: 'IC-41' } }])
  })

  test('HubSpot, @hubspot/api-client: properties, also on a retry', async () => {
    vendor.replies.push(BUSY, { status: 201, body: { id: '512', properties: {} } })
    const hubspot = new HubspotClient({ accessToken: 't', basePath: vendor.url, numberOfApiCallRetries: 2 })
    const own = { subject, content: description, hs_pipeline_stage: '1' }
    await openTicket(
      'a HubSpot ticket',
      (known) =>
        hubspot.crm.tickets.basicApi.create({
          properties: { ...own, ...ticketFields(known, { vendor: 'hubspot' }).properties },
          associations: [],
        }),
      (each) => `HS-${each.id}`,
    )
    expect(vendor.requests[0]).toMatchObject({ method: 'POST', path: expect.stringMatching(/\/tickets$/) })
    const body = { properties: { ...own, waybill_reference: reference }, associations: [] }
    expect(bodies()).toEqual([body, body])
    expect(steps).toMatchObject([{ reference, facts: { ticket: 'HS-512' } }])
  })

  test('Jira, jira.js: a custom field, and a remote link that is the same one when it is made again', async () => {
    vendor.replies.push(
      { status: 503, body: {} },
      { status: 201, body: { id: '10000', key: 'SUP-12', self: `${vendor.url}/rest/api/3/issue/10000` } },
      { status: 201, body: { id: 10001, self: `${vendor.url}/rest/api/3/issue/SUP-12/remotelink/10001` } },
    )
    const jira = createCloudClient({
      host: vendor.url,
      auth: { type: 'basic', email: 'a@shop.example', apiToken: 't' },
      retry: { maxAttempts: 2, initialDelayMs: 1 },
    })
    const own = { summary: subject, issuetype: { name: 'Task' }, project: { key: 'SUP' } }
    const issue = await openTicket(
      'a Jira issue',
      async (known) => {
        const { fields } = ticketFields(known, { vendor: 'jira', fieldId: 'customfield_10042' })
        const created = await jira.issues.createIssue({ fields: { ...own, ...fields } })
        await jira.issueRemoteLinks.createOrUpdateRemoteIssueLink({
          issueIdOrKey: created.key,
          ...jiraRemoteLink(known, { deskUrl }),
        })
        return created
      },
      ({ key }) => key,
    )
    expect(issue.key).toBe('SUP-12')
    const body = { fields: { ...own, customfield_10042: reference } }
    expect(bodies()).toEqual([
      body,
      body,
      {
        globalId: `waybill=${reference}`,
        relationship: 'reference',
        object: { url: trail(), title: `Trail of ${reference}` },
      },
    ])
    expect(steps).toMatchObject([{ reference, facts: { ticket: 'SUP-12' } }])
  })

  test('Front, which has no client, by fetch: custom fields beside those that are there', async () => {
    vendor.replies.push({ status: 204, body: undefined })
    const keep = { Plan: 'gold', waybill_reference: 'an old one' }
    await fetch(`${vendor.url}/conversations/cnv_1`, {
      method: 'PATCH',
      headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
      body: JSON.stringify(ticketFields(reference, { vendor: 'front', keep })),
    })
    expect(bodies()).toEqual([{ custom_fields: { Plan: 'gold', waybill_reference: reference } }])
    expect(keep['waybill_reference']).toBe('an old one')
  })
})

describe('ticketFields', () => {
  test('puts several references into the one field, each once, ten at most and short enough for it', () => {
    const many = Array.from({ length: 12 }, () => mintReference({ length: 12 }))
    const several = ticketFields([...many.slice(0, 2), many[0]!], { vendor: 'hubspot', linkField: 'trail', deskUrl })
    expect(several.properties).toEqual({
      waybill_reference: `${many[0]} ${many[1]}`,
      trail: `${deskUrl}/trail/${many[0]}`,
    })
    const { fields } = ticketFields(many, { vendor: 'jira', fieldId: 'customfield_1' })
    expect(fields['customfield_1']?.split(' ')).toEqual(many.slice(0, 10))
    expect(fields['customfield_1']?.length).toBeLessThanOrEqual(255)
    expect(referencesInTicket({ field: fields['customfield_1'] })).toEqual(many.slice(0, 10))
  })

  test.each([
    ['RF7-K29-QX2'],
    ['rf7-k29-qxr'],
    ['ORD-RF7-K29-QXR'],
    ['RF7-K29-QXR <b>'],
    [''],
    [7],
    [undefined],
    [null],
    [[]],
    [[mintReference(), 'RF7-K29-QX2']],
  ])('refuses %j, in which is no reference or something else too, without repeating it', (wrong) => {
    expect(() => ticketFields(wrong as Reference, { vendor: 'hubspot' })).toThrow(
      /^\[waybill\] This is no reference(?!.*(K29|k29))/,
    )
  })

  test('refuses fields that the vendor would not know, and a desk that cannot be linked to', () => {
    const wrong = [
      () => ticketFields(reference, { vendor: 'zendesk', fieldId: 'reference' }),
      () => ticketFields(reference, { vendor: 'zendesk', fieldId: Number.NaN }),
      () => ticketFields(reference, { vendor: 'jira', fieldId: 'Reference' }),
      () => ticketFields(reference, { vendor: 'hubspot', field: 'Waybill reference' }),
      () => ticketFields(reference, { vendor: 'front', field: ' ' }),
      () => ticketFields(reference, { vendor: 'intercom', deskUrl: 'javascript:alert(1)' }),
      () => ticketFields(reference, { vendor: 'other' } as unknown as { vendor: 'front' }),
    ]
    for (const each of wrong) expect(each).toThrow(/^\[waybill\] /)
  })
})

describe('referencesInTicket', () => {
  test('reads those of the field first, then those that people wrote, each once', () => {
    const [field, pasted] = [mintReference(), mintReference()]
    expect(
      referencesInTicket({
        field,
        subject: `Refund failed ORD-${pasted}`,
        text: `<p>It said ${field.toLowerCase()}.\r\nAgent: see reference ${pasted}</p> ${description}`,
      }),
    ).toEqual([field, pasted])
  })

  test('never guesses: mistyped codes, numbers and whatever a vendor sends in place of a text', () => {
    const code = 'RF7-K29-QXR'
    expect(referencesInTicket({ text: code })).toEqual([code])
    for (const text of [
      'RF7-K29-QX2',
      'RF7-K29-OXR',
      'RF7K29QXR',
      '555-867-5309',
      'call 0800 123 4567',
      null,
      7,
      {},
      [code],
    ])
      expect(referencesInTicket({ field: text, subject: text, text }), JSON.stringify(text)).toEqual([])
  })

  test('takes no time over a long text, and lists twenty at most', () => {
    const many = Array.from({ length: 30 }, () => mintReference())
    expect(referencesInTicket({ text: many.join(', ') })).toHaveLength(20)
    const startedAt = performance.now()
    referencesInTicket({ text: 'RF7-'.repeat(1_000_000) })
    expect(performance.now() - startedAt).toBeLessThan(5000)
  })
})
