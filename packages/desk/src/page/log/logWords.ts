import { cleanText } from '@waybill/trail'
import { countText } from '../countText.ts'
import type { LogEntry } from '../createDeskClient.ts'

/** What somebody saw or did, in a few words: `looked up by order: 3 trails`. */
export function logWords({ event, kind, matches }: Pick<LogEntry, 'event' | 'kind' | 'matches'>): string {
  const trails = countText(matches, 'trail')
  switch (event) {
    case 'look-up':
      if (kind === 'map') return `looked at the map of ${trails}`
      if (kind === 'failures') return `looked at what failed: ${trails}`
      return kind === null ? 'looked something up: nothing found' : `looked up by ${kindText(kind)}: ${trails}`
    case 'handle':
      return HANDLED[kind ?? ''] ?? 'wanted to handle a trail that is not known'
    case 'export':
      return `exported ${trails}`
    case 'erase':
      return `erased ${trails}`
    case 'sign-in':
      return 'signed in'
    case 'sign-out':
      return 'signed out'
    case 'log-read':
      return 'read this log'
    case 'refused':
      return `was refused${matches > 1 ? ` ${countText(matches)} times` : ''}${kind === null ? '' : `: ${cleanText(kind).replaceAll('-', ' ')}`}`
    case 'token-create':
      return `made the token ${cleanText(kind ?? '')}`
    case 'token-revoke':
      return `revoked the token ${cleanText(kind ?? '')}`
    case 'prune':
      return `forgot ${trails} for their age`
    case 'backup':
      return 'made a backup'
    case 'migrate':
      return `moved ${trails} here`
    default:
      // A newer desk may know more than a page that is still open.
      return event satisfies never
  }
}

const HANDLED: Readonly<Record<string, string>> = {
  taken: 'took a trail up',
  done: 'noted that a trail was handled',
  open: 'gave a trail back',
  late: 'wanted to handle a trail, and somebody else was first',
}

function kindText(kind: string): string {
  if (kind === 'suggestion') return 'a code near another'
  const plain = cleanText(kind).replace(/^(claimed-)?(fact:|link:)?/, '')
  const name = WORDS[plain] ?? plain
  return kind.startsWith('claim') ? `${name}, as only a browser says` : name
}

const WORDS: Readonly<Record<string, string>> = { person: 'customer', provider: 'provider’s response id' }
