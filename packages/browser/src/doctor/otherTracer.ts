import type { Finding } from './Finding.ts'
import { KNOWN_TRACERS } from './knownTracers.ts'

/** A tracer on this page whose own settings say that it writes `traceparent` on calls to this URL. */
export function otherTracer(url: URL): Finding | undefined {
  const tracer = KNOWN_TRACERS.find(({ writesTo }) => saysYes(() => writesTo(url)))
  return tracer && writerFinding(url, tracer)
}

/** For a `traceparent` that was seen being written: by the tracer that is on the page, where one is known. */
export function writerFinding({ origin }: URL, tracer = KNOWN_TRACERS.find(({ isHere }) => saysYes(isHere))): Finding {
  const name = tracer?.name ?? 'Another script on this page, by a fetch of its own,'
  const remedy = tracer?.remedy(origin) ?? `Switch off its trace propagation for ${origin}.`
  const message = `${name} writes a traceparent too on calls to ${origin}. A call has room for one trace-id, so one of the two trails ends there, and some servers reject the call. ${remedy}`
  return { cause: `writer ${name}`, origin, message }
}

/** Other people's objects: what they throw says nothing. */
function saysYes(question: () => boolean): boolean {
  try {
    return question()
  } catch {
    return false
  }
}
