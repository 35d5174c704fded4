import type { Reference } from '@waybill/reference'
import { createTrailUrls } from '../desk/trailUrl.ts'
import type { ServerWaybill } from '../ServerWaybill.ts'
import type { OpenStep } from '../step/openStep.ts'
import { alertFieldsOf, distinctReferences, MOST_REFERENCES, withFields } from './alertFields.ts'
import type { AlertFields, AlertSubject } from './alertFields.ts'
import { pagerDutyEvent } from './pagerDutyEvent.ts'
import type { PagerDutyEvent } from './pagerDutyEvent.ts'
import { slackMessage } from './slackMessage.ts'
import type { SlackMessage, SlackText } from './slackMessage.ts'

/**
 * Alerts with the reference in a field of their own. Raising one is a step of hop `alert` under the reference in force, and in the trail of
 * each of the first ten references that an alert about many names.
 *
 * ```ts
 * const alerts = tracedAlerts(waybill, { deskUrl: 'https://desk.shop.example' })
 * await alerts.raise({ name: 'refund failed' }, (alert) => slack.send(alert.slack({ text: 'A refund failed for good.' })))
 * ```
 *
 * @throws TypeError when the desk's address cannot be linked to.
 */
export function tracedAlerts(waybill: ServerWaybill, { deskUrl }: AlertsOptions = {}): TracedAlerts {
  const urlOf = deskUrl === undefined ? undefined : createTrailUrls(deskUrl)
  return {
    async raise({ name, channel, references }, send) {
      const cause = waybill.current()
      const about = waybill.guard(() => distinctReferences(references ?? [])) ?? []
      const alert = alertAbout({ cause, about, urlOf })
      // It is nobody's, so there is no trail to tell of it in.
      if (!cause && about.length === 0) return send(alert)
      const attributes = { 'messaging.destination.name': channel }
      const trails = about
        .slice(0, MOST_REFERENCES)
        .map((reference) => waybill.accept({ 'Trace-Reference': reference }))
      const links = trails.map((to) => ({ rel: 'parent', to }) as const)
      return waybill.run({ hop: 'alert', name, attributes, links }, async (step) => {
        const back = [{ rel: 'child', to: step.context }] as const
        const inTrails = trails
          .filter(({ reference }) => reference !== cause?.reference)
          .map((parent) => waybill.begin({ hop: 'alert', name, parent, attributes, links: back }))
        try {
          const answer = await send(alert)
          for (const each of [step, ...inTrails]) noteAnswer(each, answer)
          for (const each of inTrails) each.end()
          return answer
        } catch (error) {
          for (const each of inTrails) each.end(error ?? new Error('nothing was thrown'))
          throw error
        }
      })
    },
  }
}

export interface AlertsOptions {
  /** Base URL of the desk, for links to trails. @default none: alerts have no links */
  readonly deskUrl?: string | undefined
}

export interface TracedAlerts {
  /**
   * Has `send` send an alert, once, and gives what it gives; what it throws is recorded by type and thrown again as it was. An answer of
   * `fetch` with a status of 400 or more is a failure too. Outside of a context, and about no references, `send` gets an alert without
   * fields and nothing is recorded.
   */
  raise<T>(options: RaiseOptions, send: (alert: Alert) => T | Promise<T>): Promise<T>
}

export interface RaiseOptions {
  /** What is wrong, in few and constant words, free of user content: `refund failed`. */
  readonly name: string
  /** Where it is sent, likewise: `slack`, `pagerduty`. */
  readonly channel?: string | undefined
  /** The references of an alert about many. Those that are not valid to the letter are left out. @default none */
  readonly references?: Iterable<Reference | string> | undefined
}

/** The fields of one alert, in the shape that each receiver takes. What is handed in is not changed. */
export interface Alert {
  /** For any other receiver: `trace_reference`, `trace_id`, `trail_url`; `trace_references` and `trace_reference_count` about many. */
  readonly fields: AlertFields
  /**
   * An alert for Alertmanager's API v2 (`POST /api/v2/alerts`), with the fields in `annotations`. Never in `labels`: each reference would
   * make a group, and an alert, of its own.
   */
  alertmanager(alert: PostableAlert): PostableAlert
  /** A message for Slack, with the reference in a section of fields. */
  slack(text: SlackText): SlackMessage
  /** An event of PagerDuty's Events API v2, with the reference in `custom_details` and the trail in `links`. */
  pagerDuty(event: PagerDutyEvent): PagerDutyEvent
}

/** Alertmanager's `postableAlert`: https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml. */
export interface PostableAlert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>> | undefined
  readonly startsAt?: string | undefined
  readonly endsAt?: string | undefined
  readonly generatorURL?: string | undefined
}

function alertAbout(subject: AlertSubject): Alert {
  const fields = alertFieldsOf(subject)
  return {
    fields,
    alertmanager: (alert) => ({ ...alert, annotations: withFields(alert.annotations, fields) }),
    slack: (text) => slackMessage(text, subject),
    pagerDuty: (event) => pagerDutyEvent(event, subject),
  }
}

/** `fetch` throws for no status. */
function noteAnswer(step: OpenStep, answer: unknown): void {
  const { ok, status } = Object(answer)
  if (typeof ok !== 'boolean' || typeof status !== 'number') return
  step.set({ attributes: { 'http.response.status_code': status }, errorType: ok ? undefined : String(status) })
}
