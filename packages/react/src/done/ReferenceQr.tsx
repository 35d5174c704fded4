'use client'
import { useEffect, useState } from 'react'
import type { JSX } from 'react'
import { encodeQr } from './encodeQr.ts'
import type { QrDrawing } from './encodeQr.ts'

/**
 * A QR code, black on white whatever the theme, with its quiet zone. The encoder is fetched once the page is there, so that
 * receipts without a QR code do not carry it; until then, and when it cannot be had, nothing is shown.
 */
export function ReferenceQr({ text, name, caption }: ReferenceQrProps): JSX.Element | null {
  const [code, setCode] = useState<QrDrawing>()
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
