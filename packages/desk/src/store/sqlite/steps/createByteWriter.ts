/** Writes numbers and texts one after another into one buffer, which grows and is used again. */
export function createByteWriter(): ByteWriter {
  let bytes = Buffer.allocUnsafe(65_536)
  let at = 0

  function reserve(count: number): void {
    if (at + count <= bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, at + count))
    bytes.copy(larger, 0, 0, at)
    bytes = larger
  }

  const writer: ByteWriter = {
    start() {
      at = 0
    },
    taken: () => bytes.subarray(0, at),
    number(value) {
      reserve(9)
      while (value >= 0x80) {
        bytes[at++] = (value % 0x80) | 0x80
        value = Math.floor(value / 0x80)
      }
      bytes[at++] = value
    },
    double(value) {
      reserve(8)
      at = bytes.writeDoubleLE(value, at)
    },
    text(value, tag) {
      // So many bytes at most; how many there are is known once they are written, so they are moved if their length takes more than a byte.
      reserve(value.length * 3 + 9)
      const begun = at + 1
      const length = bytes.write(value, begun, 'utf8')
      const tagged = length * 4 + tag
      if (tagged < 0x80) {
        bytes[at] = tagged
        at = begun + length
        return
      }
      const lengthBytes = tagged < 0x4000 ? 2 : tagged < 0x200000 ? 3 : tagged < 0x10000000 ? 4 : 5
      bytes.copyWithin(at + lengthBytes, begun, begun + length)
      writer.number(tagged)
      at += length
    },
    hex(value, tag) {
      writer.number((value.length / 2) * 4 + tag)
      reserve(value.length / 2)
      at += bytes.write(value, at, 'hex')
    },
  }
  return writer
}

export interface ByteWriter {
  /** Begins anew. */
  start(): void
  /** What was written since; good until the next start. */
  taken(): Buffer
  /** A whole number from 0 up, seven bits a byte. */
  number(value: number): void
  double(value: number): void
  /** A text in UTF-8 behind its length, whose lowest two bits are the tag. */
  text(value: string, tag: number): void
  /** Lower-case hex digits, two a byte. */
  hex(value: string, tag: number): void
}
