'use client'
import { forwardRef, useEffect, useImperativeHandle, useRef } from 'react'
import type { ComponentPropsWithoutRef } from 'react'
import type { Labels } from '../labels/Labels.ts'
import { useLabels } from '../labels/useLabels.ts'

/**
 * The corner in which toasts stand one above the other: `ErrorNotice`s of the variant `toast`, each with its own code. Where they
 * are too many for the window it scrolls to the newest, the last.
 */
export const Toasts = forwardRef<HTMLElement, ToastsProps>(function Toasts({ labels, children, ...rest }, ref) {
  const { notices } = useLabels({ notices: 'Notices' }, labels)
  const corner = useRef<HTMLElement>(null)
  const newest = useRef<Element | null>(null)
  useImperativeHandle<HTMLElement | null, HTMLElement | null>(ref, () => corner.current, [])
  useEffect(() => {
    const { current: section } = corner
    if (!section || section.lastElementChild === newest.current) return
    newest.current = section.lastElementChild
    section.scrollTop = section.scrollHeight
  })
  return (
    <section aria-label={notices} {...rest} ref={corner} data-waybill-toasts="">
      {children}
    </section>
  )
})

export interface ToastsProps extends ComponentPropsWithoutRef<'section'> {
  /** Texts that differ here. */
  readonly labels?: Partial<Labels> | undefined
}
