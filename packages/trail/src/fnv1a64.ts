/** The FNV-1a hash (Fowler, Noll, Vo) of a text's UTF-8: 64 bits in 16 hex digits. It tells texts apart, and keeps nothing secret. */
export function fnv1a64(text: string): string {
  let high = 0xcbf29ce4
  let low = 0x84222325
  for (const byte of new TextEncoder().encode(text)) {
    const changed = (low ^ byte) >>> 0
    // Times the prime 2 ** 40 + 0x1b3, in halves that a double holds exactly.
    const product = changed * 0x1b3
    high = (high * 0x1b3 + changed * 2 ** 8 + Math.floor(product / 2 ** 32)) >>> 0
    low = product >>> 0
  }
  return [high, low].map((word) => word.toString(16).padStart(8, '0')).join('')
}
