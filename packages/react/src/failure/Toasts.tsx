'use client'
import { forwardRef } from 'react'
import type { ComponentPropsWithoutRef } from 'react'
import type { Labels } from '../labels/Labels.ts'
import { useLabels } from '../labels/useLabels.ts'

/** The corner in which toasts stand one above the other: `ErrorNotice`s of the variant `toast`, each with its own code. */
export const Toasts = forwardRef<HTMLElement, ToastsProps>(function Toasts({ labels, children, ...rest }, ref) {
  const { notices } = useLabels({ notices: 'Notices' }, labels)
  return (
    <section aria-label={notices} {...rest} ref={ref} data-waybill-toasts="">
      {children}
    </section>
  )
})

export interface ToastsProps extends ComponentPropsWithoutRef<'section'> {
  /** Texts that differ here. */
  readonly labels?: Partial<Labels> | undefined
}
