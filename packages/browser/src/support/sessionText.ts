import { formatReference } from '@waybill/reference'
import type { ActionRecord, CallRecord } from '../session/ActionRecord.ts'
import type { Waybill } from '../Waybill.ts'
import { isUnnamed } from './isUnnamed.ts'
import { localTime } from './localTime.ts'
import { plainText } from './plainText.ts'
import { ENGLISH_SUPPORT } from './SupportLabels.ts'
import type { SupportLabels } from './SupportLabels.ts'

/**
 * The session's recent actions as plain text that a customer can paste into a mail or a chat, newest first: name and state,
 * code, local time with zone, the latest calls with masked paths, and whether support can see it. Background calls are left out.
 * It holds no facts, no person and no message of an error.
 */
export function sessionText(
  { session, prefix }: Pick<Waybill, 'session' | 'prefix'>,
  { labels, timeZone, most = 10 }: SessionTextOptions = {},
): string {
  const all = { ...ENGLISH_SUPPORT, ...labels }

  function textOf({ name, state, reference, startedAt, attempts, calls, delivery }: ActionRecord): string {
    const time = localTime(startedAt, { locale: all.locale, timeZone })
    return [
      `${isUnnamed(name) ? all.unnamedActivity : plainText(name)}: ${all.states[state]}`,
      `${all.reference}: ${formatReference(reference, { prefix })}`,
      attempts > 1 ? `${time}, ${all.attempts.replaceAll('{count}', String(attempts))}` : time,
      ...calls.slice(-MOST_CALLS).map((call) => lineOf(call, all)),
      all.delivery[delivery],
    ].join('\n')
  }

  const actions = session.actions().filter(({ background }) => !background)
  const newest = actions.toSorted((a, b) => b.startedAt - a.startedAt).slice(0, most)
  return newest.length > 0 ? [all.recentActions, ...newest.map(textOf)].join('\n\n') : all.noActions
}

export interface SessionTextOptions {
  /** @default English */
  readonly labels?: Partial<SupportLabels> | undefined
  /** IANA name, such as `Europe/Berlin`. @default the device's */
  readonly timeZone?: string | undefined
  /** How many actions at most. @default 10 */
  readonly most?: number | undefined
}

const MOST_CALLS = 8

function lineOf({ method, path, status, durationMs }: CallRecord, labels: SupportLabels): string {
  const isOpen = status === undefined && durationMs === undefined
  return `${method} ${path}: ${status || (isOpen ? labels.waiting : labels.noAnswer)}`
}
