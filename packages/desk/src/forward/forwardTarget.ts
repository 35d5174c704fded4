import { SIGNALS } from '../intake/signals.ts'
import type { Signal } from '../intake/signals.ts'

/**
 * Where bodies go on to, checked once as the desk starts.
 *
 * @throws TypeError that says what is wrong with the options, and repeats no value of a header.
 */
export function forwardTarget({ url, headers = {}, queueBytes = 32 * MB }: ForwardOptions): ForwardTarget {
  const base = URL.canParse(url) ? new URL(url) : null
  if (!base || !/^https?:$/.test(base.protocol)) {
    throw new TypeError(
      '[waybill] forward.url is no address of a collector, so nothing could be forwarded. Give one such as http://localhost:4318.',
    )
  }
  if (base.username || base.password) {
    throw new TypeError(
      '[waybill] forward.url holds a user name or password, which fetch refuses. Put them into forward.headers as an Authorization header.',
    )
  }
  if (/\/v1\/(?:traces|logs|metrics)\/?$/.test(base.pathname)) {
    throw new TypeError(
      '[waybill] forward.url ends with a signal’s own path, under which the collector takes nothing else. Leave it out: /v1/traces, /v1/logs and /v1/metrics are added.',
    )
  }
  if (!Number.isSafeInteger(queueBytes) || queueBytes < 1) {
    throw new TypeError(
      '[waybill] forward.queueBytes is no number of bytes, so the queue would have no bound. Give a whole number from 1 up.',
    )
  }
  return { origin: base.origin, addressOf: (signal) => addressOf(base, signal), headers: checked(headers), queueBytes }
}

export interface ForwardOptions {
  /** Base address of an OTLP/HTTP collector; `/v1/traces` and so on are added, as to `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string
  /** Sent with every request, such as the collector’s key. Never logged. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Bytes that may wait for the collector; beyond them the oldest bodies are dropped, and counted. @default 32 MB */
  readonly queueBytes?: number | undefined
}

export interface ForwardTarget {
  /** May be told in messages: it holds neither path, query nor credentials. */
  readonly origin: string
  readonly addressOf: (signal: Signal) => string
  readonly headers: Headers
  readonly queueBytes: number
}

const MB = 1024 * 1024

function addressOf(base: URL, signal: Signal): string {
  const url = new URL(base)
  url.pathname = base.pathname.replace(/\/$/, '') + SIGNALS[signal].path
  return url.href
}

function checked(headers: Readonly<Record<string, string>>): Headers {
  try {
    return new Headers(headers)
  } catch {
    // The cause would repeat the value, which may be a key.
    throw new TypeError(
      '[waybill] forward.headers holds a name or value that HTTP does not allow, so no request could be sent. Look for a line break or a space at an end.',
    )
  }
}
