'use client'
import { forwardRef, useContext, useRef } from 'react'
import type { ComponentPropsWithoutRef } from 'react'
import { formatReference } from '@waybill/reference'
import type { Reference } from '@waybill/reference'
import type { Labels } from '../labels/Labels.ts'
import { NOTICE_TEXTS } from '../labels/noticeTexts.ts'
import { useLabels } from '../labels/useLabels.ts'
import { WaybillContext } from '../WaybillProvider.tsx'
import { OUT_OF_SIGHT } from './outOfSight.ts'
import { sizedFor } from './sizedFor.ts'
import { spellReference } from './spellReference.ts'
import { useCopy } from './useCopy.ts'

/**
 * The code as one copy button; nothing while there is no reference. `data-copy-state` is `idle`, `copied` or `selected`. The
 * button says "Copied" only when the browser confirmed it; where it refuses, the code is selected and the button says so.
 * Beside the button stands the region that announces the result, once.
 */
export const ReferenceCode = forwardRef<HTMLButtonElement, ReferenceCodeProps>(function ReferenceCode(
  { reference, ...rest },
  ref,
) {
  return reference ? <CopyButton {...rest} ref={ref} reference={reference} /> : null
})

export interface ReferenceCodeProps extends Omit<ComponentPropsWithoutRef<'button'>, 'children'> {
  readonly reference: Reference | undefined
  /** Texts that differ here. */
  readonly labels?: Partial<Labels> | undefined
}

const CopyButton = forwardRef<HTMLButtonElement, ReferenceCodeProps & { readonly reference: Reference }>(
  function CopyButton({ reference, labels: own, onClick, ...rest }, ref) {
    const labels = useLabels(NOTICE_TEXTS, own)
    const { waybill } = useContext(WaybillContext)
    const code = useRef<HTMLElement>(null)
    const shown = formatReference(reference, { prefix: waybill?.prefix })
    const prefix = shown.slice(0, -reference.length)
    const { state, result, count, copy } = useCopy(shown, code)
    const word = { idle: labels.copy, copied: labels.copied, selected: labels.selected }[state]
    const announcement = result && labels[`${result}Announcement`]
    return (
      <>
        <button
          type="button"
          {...rest}
          ref={ref}
          data-waybill-reference={reference}
          data-copy-state={state}
          onClick={(event) => {
            onClick?.(event)
            if (!event.defaultPrevented) void copy()
          }}
        >
          {/* Heard instead of the code and of the word: a name that changed with the word would be announced beside the region. */}
          <span style={OUT_OF_SIGHT}>{labels.copyReference.replace('{reference}', spellReference(shown))}</span>
          <span data-part="face" aria-hidden="true">
            {/* Where the page around it forbids to select, too. */}
            <code
              ref={code}
              dir="ltr"
              translate="no"
              style={{ userSelect: 'all', WebkitUserSelect: 'all', ...sizedFor(reference) }}
            >
              {/* Only before the code, which never breaks. */}
              {prefix && <span>{prefix}</span>}
              <wbr />
              <span>{reference}</span>
            </code>{' '}
            <span data-part="copy">{word}</span>
          </span>
        </button>
        <output data-part="announcement" style={OUT_OF_SIGHT}>
          {announcement && announcement + '\u00a0'.repeat(count % 2)}
        </output>
      </>
    )
  },
)
