'use client'
import { useEffect, useState } from 'react'
import type { JSX } from 'react'

/**
 * A QR code, black on white whatever the theme, with its quiet zone. The encoder is fetched once the page is there, so that
 * receipts without a QR code do not carry it; until then, and when it cannot be had, nothing is shown.
 */
export function ReferenceQr({ text, name, caption }: ReferenceQrProps): JSX.Element | null {
  const [code, setCode] = useState<Code>()
  useEffect(() => {
    let isCurrent = true
    const draw = async (): Promise<void> => {
      const next = await encodeQr(text)
      if (isCurrent) setCode(next)
    }
    void draw()
    return () => {
      isCurrent = false
    }
  }, [text])
  if (!code) return null
  return (
    <figure data-part="qr">
      <svg
        role="img"
        aria-label={name}
        viewBox={`0 0 ${code.size} ${code.size}`}
        width="120"
        shapeRendering="crispEdges"
      >
        <path fill="#fff" d={`M0 0h${code.size}v${code.size}H0z`} />
        <path fill="#000" d={code.path} />
      </svg>
      <figcaption>{caption}</figcaption>
    </figure>
  )
}

interface ReferenceQrProps {
  readonly text: string
  /** For assistive technology. */
  readonly name: string
  readonly caption: string
}

interface Code {
  readonly size: number
  readonly path: string
}

/** Modules that the standard (ISO/IEC 18004) leaves white around a code. */
const QUIET_ZONE = 4

async function encodeQr(text: string): Promise<Code | undefined> {
  try {
    const { encode } = await import('uqr')
    const { data, size } = encode(text, { ecc: 'M', border: QUIET_ZONE })
    const modules = data.flatMap((row, y) => row.flatMap((isBlack, x) => (isBlack ? [`M${x} ${y}h1v1h-1z`] : [])))
    return { size, path: modules.join('') }
  } catch {
    // The code itself is on the receipt already.
    return undefined
  }
}
