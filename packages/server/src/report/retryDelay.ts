/**
 * How long to wait before the next try, in milliseconds: what `Retry-After` asks for (seconds or a date, RFC 9110 section
 * 10.2.3; at most 5 minutes), else twice as long each time from half a second to 30 s, less up to half of it by chance, so
 * that the services of one company do not come back all at once.
 */
export function retryDelayMs(
  failures: number,
  { retryAfter = null, now = Date.now(), random = Math.random }: RetryHints,
): number {
  const asked = /^\d+$/.test(retryAfter ?? '') ? Number(retryAfter) * 1000 : Date.parse(retryAfter ?? '') - now
  if (asked >= 0) return Math.min(asked, 300_000)
  return Math.min(500 * 2 ** (failures - 1), 30_000) * (1 - random() / 2)
}

export interface RetryHints {
  /** The response's header, if there was a response. @default null */
  readonly retryAfter?: string | null | undefined
  /** @default Date.now() */
  readonly now?: number | undefined
  /** @default Math.random */
  readonly random?: (() => number) | undefined
}
