import { useId } from 'react'
import type { ReactNode, RefObject } from 'react'
import { useTexts } from '../texts/useTexts.ts'
import { CUSTOMER_LANGUAGES } from './languages/CUSTOMER_LANGUAGES.ts'
import type { CustomerLanguage } from './languages/CUSTOMER_LANGUAGES.ts'

/** The text for the customer, to read, to change and to have in another language. */
export function CustomerPanel({ box, draft, onChange, onLanguage, onAnew, onCopy, onClose }: CustomerPanelProps) {
  const texts = useTexts().handover
  const id = useId()
  const { locale, direction } = CUSTOMER_LANGUAGES[draft.language]
  return (
    <div className="customer-panel">
      <div className="choices">
        <label htmlFor={`${id}-language`}>{texts.language}</label>
        <select
          id={`${id}-language`}
          value={draft.language}
          onChange={(event) => onLanguage(event.currentTarget.value as CustomerLanguage)}
        >
          {Object.entries(CUSTOMER_LANGUAGES).map(([language, { name, locale: tag }]): ReactNode => (
            <option key={language} value={language} lang={tag}>
              {name}
            </option>
          ))}
        </select>
        <button type="button" className="second-button" onClick={onCopy}>
          {texts.copyText}
        </button>
        <button type="button" className="quiet" onClick={onClose}>
          {texts.close}
        </button>
      </div>
      <label htmlFor={`${id}-text`}>{texts.customerLabel}</label>
      <textarea
        id={`${id}-text`}
        ref={box}
        lang={locale}
        dir={direction}
        rows={7}
        value={draft.text}
        aria-describedby={`${id}-stale ${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      <output id={`${id}-stale`} className="told">
        {draft.isStale && texts.customerStale}
      </output>
      {draft.isStale && (
        <div className="choices">
          <button type="button" className="second-button" onClick={onAnew}>
            {texts.proposeAnew}
          </button>
        </div>
      )}
      <p id={`${id}-hint`} className="hint">
        {texts.customerHint}
      </p>
    </div>
  )
}

export interface CustomerPanelProps {
  readonly box: RefObject<HTMLTextAreaElement | null>
  readonly draft: CustomerDraft
  readonly onChange: (text: string) => void
  readonly onLanguage: (language: CustomerLanguage) => void
  /** Drops what was edited. */
  readonly onAnew: () => void
  readonly onCopy: () => void
  readonly onClose: () => void
}

interface CustomerDraft {
  readonly language: CustomerLanguage
  readonly text: string
  /** Edited, and meanwhile another text would be proposed than the one it was edited from. */
  readonly isStale: boolean
}
