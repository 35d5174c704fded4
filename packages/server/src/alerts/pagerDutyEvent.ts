import { alertFieldsOf, MOST_REFERENCES, withFields } from './alertFields.ts'
import type { AlertSubject } from './alertFields.ts'

/**
 * An event of PagerDuty's Events API v2 with the reference in `custom_details` and the trail in `links`. `dedup_key` stays the alert's
 * own: by a reference in it, each failure would be an incident. What acknowledges or resolves has no details and stays as it is.
 *
 * https://developer.pagerduty.com/docs/send-alert-event
 */
export function pagerDutyEvent(event: PagerDutyEvent, subject: AlertSubject): PagerDutyEvent {
  const { payload, links = [] } = event
  if (!payload) return { ...event }
  const { cause, about, urlOf } = subject
  const given = payload.custom_details ?? {}
  const details: Record<string, unknown> = typeof given === 'object' ? { ...given } : { details: given }
  const shown = [...new Set([...(cause ? [cause.reference] : []), ...about.slice(0, MOST_REFERENCES)])]
  const trails = urlOf ? shown.map((reference) => ({ href: urlOf(reference), text: `Trail of ${reference}` })) : []
  // Those of an earlier alert, where an event is sent again.
  const others = links.filter(({ text }) => !text?.startsWith('Trail of '))
  return {
    ...event,
    payload: { ...payload, custom_details: withFields(details, alertFieldsOf(subject)) },
    ...((event.links || trails.length > 0) && { links: [...others, ...trails] }),
  }
}

export interface PagerDutyEvent {
  readonly routing_key: string
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve'
  readonly dedup_key?: string | undefined
  readonly payload?: PagerDutyPayload | undefined
  readonly links?: readonly PagerDutyLink[] | undefined
  readonly images?: readonly object[] | undefined
  readonly client?: string | undefined
  readonly client_url?: string | undefined
}

interface PagerDutyPayload {
  readonly summary: string
  readonly source: string
  readonly severity: 'critical' | 'error' | 'warning' | 'info'
  readonly timestamp?: string | undefined
  readonly component?: string | undefined
  readonly group?: string | undefined
  readonly class?: string | undefined
  readonly custom_details?: unknown
}

interface PagerDutyLink {
  readonly href: string
  readonly text?: string | undefined
}
