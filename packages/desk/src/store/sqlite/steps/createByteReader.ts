/** Reads what `createByteWriter` wrote. */
export function createByteReader(data: Uint8Array): ByteReader {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
  let at = 0

  function move(length: number): number {
    const begun = at
    at += length
    if (at > bytes.length) throw new Error(CUT_OFF)
    return begun
  }

  return {
    isOver: () => at >= bytes.length,
    number() {
      let value = 0
      for (let factor = 1; ; factor *= 0x80) {
        const byte = bytes[move(1)]!
        value += (byte & 0x7f) * factor
        if (byte < 0x80) return value
      }
    },
    double: () => bytes.readDoubleLE(move(8)),
    text(length) {
      const begun = move(length)
      return bytes.toString('utf8', begun, begun + length)
    },
    hex(length) {
      const begun = move(length)
      return bytes.toString('hex', begun, begun + length)
    },
  }
}

export interface ByteReader {
  isOver(): boolean
  number(): number
  double(): number
  text(bytes: number): string
  hex(bytes: number): string
}

const CUT_OFF = "[waybill] A row of the desk's database ends too early, so it is damaged."
