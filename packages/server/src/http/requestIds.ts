/** What a provider calls a request, by the headers of its answer: one fact for each header that is there and holds an id. */
export function requestIds(
  get: (header: string) => unknown,
  headers = REQUEST_ID_HEADERS,
): Readonly<Record<string, string>> {
  const ids = headers.map((header) => [header.toLowerCase(), get(header.toLowerCase())] as const)
  return Object.fromEntries(
    ids.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && PLAUSIBLE_ID.test(entry[1])),
  )
}

/**
 * OpenAI and many; Anthropic and Stripe; AWS; Azure. Not `cf-ray`: it names a passage through Cloudflare, which the provider behind it does
 * not search by.
 */
export const REQUEST_ID_HEADERS: readonly string[] = [
  'x-request-id',
  'request-id',
  'x-amzn-requestid',
  'apim-request-id',
  'x-ms-request-id',
]

/** What is longer or has spaces is no id. */
const PLAUSIBLE_ID = /^[\x21-\x7e]{1,200}$/
