import type { SpanStore } from '../spans/SpanReader.ts'
import type { Unseen } from '../store/Unseen.ts'

/** What a look-up could not see, a sentence each. For people: where, why, and which time that is about. */
export function unseenText(unseen: readonly Unseen[]): string[] {
  return [...new Set(unseen.map(sentenceOf))]
}

function sentenceOf({ where, reason, from, to }: Unseen): string {
  if (where === 'desk') return `The desk cannot read its own file${from === null ? 's' : ` of ${dayOf(from)}`}.`
  const time =
    from === null || to === null
      ? 'Nothing there was searched'
      : `${minuteOf(from)} to ${minuteOf(to)} (UTC) was not searched there`
  return `${SPAN_STORE_NAMES[where]} ${WORDS[reason]}. ${time}.`
}

export const SPAN_STORE_NAMES: Readonly<Record<SpanStore, string>> = { clickhouse: 'ClickHouse', tempo: 'Tempo' }

const WORDS: Readonly<Record<Unseen['reason'], string>> = {
  damaged: 'has damaged data',
  unreachable: 'could not be reached',
  'timed-out': 'did not answer in time',
  refused: 'refused to answer',
  unreadable: 'answered something that cannot be read',
  'over-budget': 'holds more than one look-up may go through',
}

function dayOf(iso: string): string {
  return iso.slice(0, 10)
}

function minuteOf(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ')
}
