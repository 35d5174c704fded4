import type { JSX } from 'react'
import { mailto } from '@waybill/browser/support'
import { ContactSupport, ErrorNotice, Receipt, ReceiptRow } from '@waybill/react'
import type { Reference } from '@waybill/reference'

/** A phone's page with one card per reference, so that one photograph shows many. */
export function Page({ component, theme, font, references, stylesheet }: PageProps): JSX.Element {
  const Card = component === 'ErrorNotice' ? RefusedRefund : PaidOrder
  return (
    <html lang="en" data-theme={theme}>
      <head>
        <meta charSet="utf-8" />
        <style>{stylesheet + HOST + (font ? `:root { --waybill-code-font: '${font}' }` : '')}</style>
      </head>
      <body>
        {references.map((reference) => (
          <Card key={reference} reference={reference} />
        ))}
      </body>
    </html>
  )
}

export interface PageProps {
  readonly component: 'ErrorNotice' | 'Receipt'
  readonly theme: 'light' | 'dark'
  /** Drawn in this font family. @default what the stylesheet's own stack finds on this machine */
  readonly font?: string | undefined
  readonly references: readonly Reference[]
  /** The text of `@waybill/react/styles.css`. */
  readonly stylesheet: string
}

/** What a shop's own page adds. */
const HOST = `
  html { color-scheme: light; background: #fff; font: 16px/1.5 system-ui, sans-serif }
  html[data-theme='dark'] { color-scheme: dark; background: #0e1014 }
  body { display: grid; gap: 16px; margin: 16px }
`

const RefusedRefund = ({ reference }: { readonly reference: Reference }): JSX.Element => (
  <ErrorNotice
    reference={reference}
    title="Your refund was not requested."
    onRetry={() => undefined}
    contact={<ContactSupport channel={mailto({ to: 'help@shop.example' })} />}
  >
    You have not been charged again. Your order stays as it was.
  </ErrorNotice>
)

const PaidOrder = ({ reference }: { readonly reference: Reference }): JSX.Element => (
  <Receipt reference={reference} title="Receipt" at={new Date('2026-11-22T10:14:03.000Z')}>
    <ReceiptRow label="Walnut desk lamp × 1">£48.00</ReceiptRow>
    <ReceiptRow label="Linen notebook × 2">£19.80</ReceiptRow>
    <ReceiptRow label="Total" emphasis="total">
      £67.80
    </ReceiptRow>
  </Receipt>
)
