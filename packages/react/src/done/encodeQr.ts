/**
 * A QR code as one SVG path with its quiet zone; undefined when there is too much to say or the encoder could not be fetched: the
 * code itself is on the receipt already.
 */
export async function encodeQr(text: string): Promise<QrDrawing | undefined> {
  try {
    const { encode } = await import('uqr')
    const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE })
    const modules = data.flatMap((row, y) => row.flatMap((isBlack, x) => (isBlack ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { size, path: modules.join('') }
  } catch {
    return undefined
  }
}

export interface QrDrawing {
  /** Of the square, in modules. */
  readonly size: number
  readonly path: string
}

/** Modules that the standard (ISO/IEC 18004) leaves white around a code. */
const QUIET_ZONE = 4
