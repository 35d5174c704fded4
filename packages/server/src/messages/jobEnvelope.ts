/** A job's data with the carrier under the key `_waybill`; null data become an object that holds only the carrier. */
export function sealEnvelope(data: object | null, carrier: object): object {
  // A list has no place for a key; it goes as it is, and its worker begins a reference of its own.
  return Array.isArray(data) ? data : { ...data, [KEY]: carrier, ...(data === null && { [EMPTY]: true }) }
}

/** The two apart again: the carrier, which is a claim like any other, and the data as they were sent. */
export function openEnvelope(sealed: unknown): { readonly carrier: unknown; readonly data: unknown } {
  if (typeof sealed !== 'object' || sealed === null || !(KEY in sealed)) return { carrier: undefined, data: sealed }
  const { [KEY]: carrier, ...data } = sealed
  return { carrier, data: EMPTY in data ? null : data }
}

const KEY = '_waybill'
const EMPTY = '_waybill_null'
