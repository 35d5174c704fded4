import type { DeskKey, DeskKeys } from './deskKeys.ts'

/** What a new user does next: set up the browser, set up the server, sign in. Keys that the environment gave are not repeated. */
export function linesToPaste({ url, namespace, keys }: LinesToPasteOptions): readonly string[] {
  const address = quoted(reachable(url))
  const more = namespace === '' ? '' : `, namespace: ${quoted(namespace)}`
  const ingest = keys.ingest.isGiven ? 'process.env.WAYBILL_INGEST_KEY' : quoted(first(keys.ingest))
  const browser = keys.browser.isGiven ? "'…'" : quoted(first(keys.browser))
  const token = keys.token.isGiven ? 'WAYBILL_DESK_TOKEN' : keys.token.value
  return [
    `in the browser  const waybill = createWaybill({ service: 'shop-web', deliverTo: ${address}, key: ${browser}${more} })`,
    `on the server   const waybill = createWaybill({ service: 'shop-api', deliverTo: ${address}, key: ${ingest}${more} })`,
    `to look up      ${reachable(url)}, signed in with ${token}`,
  ]
}

interface LinesToPasteOptions {
  /** Where the desk listens. */
  readonly url: string
  readonly namespace: string
  readonly keys: DeskKeys
}

/** A desk on every network of this machine has no one address; this one is right for a start. */
function reachable(url: string): string {
  return url.replace(/\/\/(?:0\.0\.0\.0|\[::\])(?=:)/, '//localhost')
}

function first({ value }: DeskKey): string {
  return value.split(',')[0]?.trim() ?? ''
}

function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`
}
