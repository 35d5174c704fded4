/** An address out of a template such as `https://jaeger.example/trace/{traceId}`: every value is encoded as a part of an address, and a place that has none stays as it is. */
export function fillTemplate(url: string, values: Readonly<Record<string, string>>): string {
  return url.replace(PLACES, (whole, place: string) =>
    Object.hasOwn(values, place) ? encodeURIComponent(values[place]!.replace(HALF, '\ufffd')) : whole,
  )
}

/** The names in a template's braces, in their order. */
export function placesIn(url: string): string[] {
  return Array.from(url.matchAll(PLACES), ([, place]) => place!)
}

const PLACES = /\{([A-Za-z]\w*)\}/g
/** Of a surrogate pair, which cannot be encoded. */
const HALF = /\p{Cs}/gu
