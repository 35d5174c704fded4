/** Every attribute name that Waybill reads or writes. Those of OpenTelemetry's semantic conventions keep their name. */
export const ATTRIBUTES = Object.freeze({
  reference: 'waybill.reference',
  hop: 'waybill.hop',
  startedFor: 'waybill.started_for',
  attempt: 'waybill.attempt',
  maxAttempts: 'waybill.attempt.max',
  effect: 'waybill.effect',
  remains: 'waybill.remains',
  deadLetter: 'waybill.dead_letter',
  action: 'waybill.action.state',
  repeatable: 'waybill.action.repeatable',
  failure: 'waybill.action.failure',
  background: 'waybill.action.background',
  /** What the customer's screen said, in the application's constant words. */
  screen: 'waybill.screen.text',
  /** The IANA time zone of the customer's browser. */
  timeZone: 'waybill.screen.time_zone',
  /** On a step of hop `support`: how a ticket stands, in the words of whoever keeps it. */
  linkState: 'waybill.link.state',
  /** On a step of hop `support` by the desk itself: `taken`, `done` or `open`. */
  handling: 'waybill.handling.state',
  handledBy: 'waybill.handling.by',
  handledWho: 'waybill.handling.who',
  handlingNote: 'waybill.handling.note',
  /** Random, so that the same said twice at the same moment is two. */
  handlingNonce: 'waybill.handling.nonce',
  /** On a step with many alike inside it: the name of those, and how many went how. Not each of them need be told. */
  itemName: 'waybill.items.name',
  itemsDone: 'waybill.items.done',
  itemsFailed: 'waybill.items.failed',
  /** On a link to another trail: `parent` or `child`. */
  rel: 'waybill.link.rel',
  /** True on a step whose caller claimed an identity that was not believed. */
  claimRefused: 'waybill.claim.refused',
  /** On a step of hop `log`: `trace`, `debug`, `info`, `warn`, `error` or `fatal`. */
  severity: 'waybill.log.severity',
  /** On a step of hop `log` that is an event: the event's name. */
  event: 'event.name',
  /** A prefix: `waybill.fact.order`. */
  fact: 'waybill.fact.',
  /** OpenTelemetry's kind of a span at an `api` hop that is no request served there. */
  side: 'span.kind',
  service: 'service.name',
  session: 'session.id',
  person: 'user.id',
  jobId: 'messaging.message.id',
  errorType: 'error.type',
  statusCode: 'http.response.status_code',
} as const)

export type AttributeName = (typeof ATTRIBUTES)[keyof typeof ATTRIBUTES]
