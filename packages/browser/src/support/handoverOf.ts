import { formatReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import type { Waybill } from '../Waybill.ts'
import type { Handover } from './Handover.ts'
import { isUnnamed } from './isUnnamed.ts'
import { localTime } from './localTime.ts'
import { plainText } from './plainText.ts'
import { ENGLISH_SUPPORT } from './SupportLabels.ts'
import type { SupportLabels } from './SupportLabels.ts'

/**
 * What a channel is handed for a reference that the customer sees: the code, and up to three lines that say what it is about.
 * A reference that this session does not know has its code only.
 */
export function handoverOf(
  { session, prefix }: Pick<Waybill, 'session' | 'prefix'>,
  reference: Reference,
  labels: Partial<SupportLabels> = {},
): Handover {
  const all = { ...ENGLISH_SUPPORT, ...labels }
  const shown = formatReference(reference, { prefix })
  const record = session.actions().find((each) => each.reference === reference)
  const lines = [`${all.reference}: ${shown}`]
  if (record) {
    const name = isUnnamed(record.name) ? all.unnamedActivity : plainText(record.name)
    lines.push(`${name}: ${all.states[record.state]}`, localTime(record.startedAt, all))
  }
  return { reference, shown, text: lines.join('\n') }
}
