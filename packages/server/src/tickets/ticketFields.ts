import type { Reference } from '@waybill/reference'
import { exactReference } from '../context/exactReference.ts'
import { createTrailUrls } from '../desk/trailUrl.ts'

/**
 * What a vendor's REST API takes to open or change a ticket with its reference in a field, where support reads and searches it, and
 * with its trail in another one, if that is named. Several references stand in the one field, ten at most, and the trail is the first's.
 *
 * ```ts
 * await zendesk.tickets.create({ ticket: { subject, comment, ...ticketFields(reference, { vendor: 'zendesk', fieldId: 360042 }) } })
 * ```
 *
 * @throws TypeError when something is no reference, a field's name none of the vendor's, or the desk's address cannot be linked to.
 */
export function ticketFields(references: References, options: ZendeskFields): ZendeskTicket
export function ticketFields(references: References, options: IntercomFields & OnConversation): IntercomConversation
export function ticketFields(references: References, options: IntercomFields): IntercomTicket
export function ticketFields(references: References, options: HubspotFields): HubspotTicket
export function ticketFields(references: References, options: FrontFields): FrontConversation
export function ticketFields(references: References, options: JiraFields): JiraIssue
export function ticketFields(references: References, options: TicketFieldsOptions): TicketFields {
  const [first, text] = written(references)
  const url = options.deskUrl === undefined ? undefined : createTrailUrls(options.deskUrl)(first)
  const fields = (field: FieldId, linkField: FieldId | undefined, grammar: RegExp): [string, string][] => {
    const named: [string, string][] = [[String(field), text]]
    if (linkField !== undefined && url !== undefined) named.push([String(linkField), url])
    if (named.every(([name]) => grammar.test(name))) return named
    throw noSuchField(options.vendor)
  }
  const byName = ({ field = 'waybill_reference', linkField }: ByName, grammar: RegExp): Record<string, string> =>
    Object.fromEntries(fields(field, linkField, grammar))
  switch (options.vendor) {
    case 'zendesk': {
      const { fieldId, linkFieldId } = options
      return {
        custom_fields: fields(fieldId, linkFieldId, /^\d{1,15}$/).map(([id, value]) => ({ id: Number(id), value })),
      }
    }
    case 'intercom': {
      const attributes = byName(options, /\S/)
      return options.on === 'conversation' ? { custom_attributes: attributes } : { ticket_attributes: attributes }
    }
    case 'hubspot':
      return { properties: byName(options, /^[a-z][a-z\d_]*$/) }
    case 'front':
      return { custom_fields: { ...options.keep, ...byName(options, /\S/) } }
    case 'jira':
      return { fields: Object.fromEntries(fields(options.fieldId, options.linkFieldId, /^customfield_\d+$/)) }
    default:
      throw noSuchField(options satisfies never)
  }
}

/** A link to the trail on a Jira issue, for `createOrUpdateRemoteIssueLink`; the same one when it is made again. */
export function jiraRemoteLink(reference: Reference, { deskUrl }: { readonly deskUrl: string }): JiraRemoteLink {
  const [first] = written(reference)
  const object = { url: createTrailUrls(deskUrl)(first), title: `Trail of ${first}` }
  return { globalId: `waybill=${first}`, relationship: 'reference', object }
}

export type TicketFieldsOptions = ZendeskFields | IntercomFields | HubspotFields | FrontFields | JiraFields

type References = Reference | readonly Reference[]
type FieldId = string | number

interface Linked {
  /** Base URL of the desk, for the link to the trail. @default none */
  readonly deskUrl?: string | undefined
}

interface ById extends Linked {
  /** Of the custom field for the reference: a line of text. */
  readonly fieldId: FieldId
  /** Of the custom field for the trail's address. @default none */
  readonly linkFieldId?: FieldId | undefined
}

interface ByName extends Linked {
  /** Of the field for the reference: a line of text. @default 'waybill_reference' */
  readonly field?: string | undefined
  /** Of the field for the trail's address. @default none */
  readonly linkField?: string | undefined
}

/** `fieldId` is the number in Admin Center. Tags are left alone: an update would replace those that are there. */
export interface ZendeskFields extends ById {
  readonly vendor: 'zendesk'
}

/** `field` is an attribute of the ticket type, or of conversations. */
export interface IntercomFields extends ByName {
  readonly vendor: 'intercom'
  /** @default 'ticket' */
  readonly on?: 'ticket' | 'conversation' | undefined
}

/** `field` is a property's internal name. */
export interface HubspotFields extends ByName {
  readonly vendor: 'hubspot'
}

/** `field` is a custom field's name as Front shows it. */
export interface FrontFields extends ByName {
  readonly vendor: 'front'
  /** The conversation's custom fields as they are, because an update replaces them all. @default none */
  readonly keep?: Readonly<Record<string, unknown>> | undefined
}

/** `fieldId` is `customfield_10042`. */
export interface JiraFields extends ById {
  readonly vendor: 'jira'
}

interface OnConversation {
  readonly on: 'conversation'
}

interface ZendeskTicket {
  custom_fields: { id: number; value: string }[]
}
interface IntercomTicket {
  ticket_attributes: Record<string, string>
}
interface IntercomConversation {
  custom_attributes: Record<string, string>
}
interface HubspotTicket {
  properties: Record<string, string>
}
interface FrontConversation {
  custom_fields: Record<string, unknown>
}
interface JiraIssue {
  fields: Record<string, string>
}
type TicketFields =
  ZendeskTicket | IntercomTicket | IntercomConversation | HubspotTicket | FrontConversation | JiraIssue

interface JiraRemoteLink {
  globalId: string
  relationship: string
  object: { url: string; title: string }
}

/** So many fit into a field of 255 characters. */
const MOST_REFERENCES = 10

/** The first of them, and all in one line. */
function written(references: References): readonly [first: Reference, text: string] {
  const given = [...new Set([references].flat())]
  const valid = given.flatMap((each) => exactReference(each) ?? [])
  const [first] = valid
  if (first && valid.length === given.length) return [first, valid.slice(0, MOST_REFERENCES).join(' ')]
  throw new TypeError(
    '[waybill] This is no reference, so the ticket would lead nowhere. Pass what `parseReference` read, or leave the field out.',
  )
}

function noSuchField(vendor: string): TypeError {
  return new TypeError(
    `[waybill] ${vendor} has no field of that name, so the reference would be lost. Pass it as the vendor's API calls it.`,
  )
}
