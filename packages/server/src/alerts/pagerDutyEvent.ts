import { alertFieldsOf, MOST_REFERENCES, withFields } from './alertFields.ts'
import type { AlertSubject } from './alertFields.ts'

/**
 * An event of PagerDuty's Events API v2 with the reference in `custom_details` and the trail in `links`. `dedup_key` stays the alert's
 * own: by a reference in it, each failure would be an incident. What acknowledges or resolves has no details and stays as it is.
 *
 * https://developer.pagerduty.com/docs/send-alert-event
 */
export function pagerDutyEvent<E extends PagerDutyEvent>(event: E, subject: AlertSubject): E {
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

/** As much of an event as is looked at. */
export interface PagerDutyEvent {
  readonly payload?: { readonly custom_details?: unknown } | undefined
  readonly links?: readonly { readonly href: string; readonly text?: string | undefined }[] | undefined
}
