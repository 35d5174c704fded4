import type { Handover } from './Handover.ts'

/**
 * Where the reference ended up: in a field of its own, in the text of a message, on the clipboard, or with the share sheet.
 * `missing`: the vendor, or what the browser needs for it, is not on this page (yet). `refused`: it is there, but declined,
 * or has no place for a reference, even if its window did open; then offer the customer to copy.
 */
export type HandoverResult =
  | { readonly ok: true; readonly how: 'field' | 'text' | 'copied' | 'shared' }
  | { readonly ok: false; readonly reason: 'missing' | 'refused' }

/** One way to reach support. Its vendor is looked for at the moment of use, for chats load late or never. Nothing here throws or rejects. */
export interface SupportChannel {
  /** Puts the reference where agents see it, in a structured field if there is one, without opening anything. */
  attach(handover: Handover): Promise<HandoverResult>
  /** Opens the chat, mail or form with the reference in it: the one given, else the one attached, else none. */
  open(handover?: Handover): Promise<HandoverResult>
  /** Takes the reference back, when its action is done or the session was cleared. */
  clear(): Promise<void>
  /** For channels that are a link, such as a mail: what to render as `<a href>`. */
  readonly address?: (handover: Handover | undefined) => string
}
