import type { Reference } from '@waybill/reference'
import { cleanText } from '@waybill/trail'
import { MOST_REFERENCES } from './alertFields.ts'
import type { AlertSubject } from './alertFields.ts'

/**
 * A message for an incoming webhook or `chat.postMessage`: the text, and the reference in a section of fields, each a link to its trail.
 *
 * Limits and grammar: https://docs.slack.dev/reference/block-kit/blocks/section-block and
 * https://docs.slack.dev/messaging/formatting-message-text.
 */
export function slackMessage({ text, blocks }: SlackText, { cause, about, urlOf }: AlertSubject): SlackMessage {
  const lines = linesOf(String(text ?? ''))
  const shown = about.slice(0, MOST_REFERENCES)
  const codes = [...(cause ? [cause.reference] : []), ...shown]
  const field = (title: string, references: readonly Reference[], more: string): SlackField => {
    const linked = references.map((each) => (urlOf ? `<${escaped(urlOf(each))}|${each}>` : `\`${each}\``))
    const whole = `*${title}*\n${linked.join('\n')}${more}`
    // A desk of a long address: the codes are found there all the same.
    return {
      type: 'mrkdwn',
      text: whole.length <= LONGEST_FIELD ? whole : `*${title}*\n${references.join('\n')}${more}`,
    }
  }
  const left = about.length - shown.length
  const fields = [
    ...(cause ? [field('Reference', [cause.reference], '')] : []),
    ...(shown.length > 0 ? [field(`${about.length} references`, shown, left > 0 ? `\nand ${left} more` : '')] : []),
  ]
  const own: TextSection = { type: 'section', text: { type: 'plain_text', text: lines.slice(0, LONGEST_TEXT) } }
  const reference: FieldSection = { type: 'section', block_id: BLOCK_ID, fields }
  return {
    // What notifications show.
    text: `${escaped(lines)} ${codes.length > 0 ? `(${codes.join(' ')})` : ''}`.trim(),
    blocks: [
      // A message that is sent again has the reference of the last time in it.
      ...(blocks?.filter((block) => block.block_id !== BLOCK_ID) ?? (lines ? [own] : [])),
      ...(fields.length > 0 ? [reference] : []),
    ],
  }
}

export interface SlackText {
  /** Plain: what has a meaning in Slack's own grammar, mentions and links included, is shown as it is written. */
  readonly text: string
  /** Blocks of your own. The text is then only what notifications show. @default the text as a block */
  readonly blocks?: readonly SlackBlock[] | undefined
}

/** Slack's `Block`. */
export interface SlackBlock {
  type: string
  block_id?: string
}

export interface SlackMessage {
  text: string
  blocks: SlackBlock[]
}

interface TextSection extends SlackBlock {
  text: { type: 'plain_text'; text: string }
}

interface FieldSection extends SlackBlock {
  fields: SlackField[]
}

interface SlackField {
  type: 'mrkdwn'
  text: string
}

const BLOCK_ID = 'trace_reference'
const LONGEST_TEXT = 3000
const LONGEST_FIELD = 2000

/** Lines stay lines; other control and invisible characters go. */
function linesOf(text: string): string {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map(cleanText)
  return lines.join('\n').trim()
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
