/** A job's data with the carrier under the key `_waybill`; null data become an object that holds only the carrier. */
export function sealEnvelope(data: object | null, carrier: Readonly<Record<string, unknown>>): object {
  // A list has no place for a key; it goes as it is, and its worker begins a reference of its own.
  if (Array.isArray(data)) return data
  if (data === null) return { [KEY]: { ...carrier, [EMPTY]: true } }
  return { ...data, [KEY]: KEY in data ? { ...carrier, [OWN]: data[KEY] } : carrier }
}

/** The two apart again: the carrier, which is a claim like any other, and the data as they were sent. */
export function openEnvelope(sealed: unknown): {
  readonly carrier: Readonly<Record<string, unknown>>
  readonly data: unknown
} {
  if (!isRecord(sealed) || Array.isArray(sealed) || !isRecord(sealed[KEY])) return { carrier: {}, data: sealed }
  const { [KEY]: carrier, ...data } = sealed
  if (!isRecord(carrier) || EMPTY in carrier) return { carrier: isRecord(carrier) ? carrier : {}, data: null }
  return { carrier, data: OWN in carrier ? { ...data, [KEY]: carrier[OWN] } : data }
}

const KEY = '_waybill'
const EMPTY = 'null'
/** What the application itself has under the key. */
const OWN = 'own'

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
