import { forwardRef } from 'react'
import type { ComponentPropsWithoutRef, ReactNode } from 'react'

/** One line of a receipt: what, and how much. */
export const ReceiptRow = forwardRef<HTMLDivElement, ReceiptRowProps>(function ReceiptRow(
  { label, emphasis = 'normal', children, ...rest },
  ref,
) {
  return (
    <div {...rest} ref={ref} data-emphasis={emphasis}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
})

export interface ReceiptRowProps extends ComponentPropsWithoutRef<'div'> {
  readonly label: ReactNode
  /** `total` for the line the others add up to. @default 'normal' */
  readonly emphasis?: 'normal' | 'total' | undefined
}
