import { useTexts } from './texts/useTexts.ts'
import type { DeskTexts } from './texts/english.ts'

/** One state that is no answer: one sentence, one thing to do. */
export function Notice({ kind, level: Heading = 'h1', onRetry }: NoticeProps) {
  const { title, text, retry }: NoticeTexts = useTexts().page.notices[kind]
  return (
    <section className="notice" role="alert">
      <Heading>{title}</Heading>
      <p>{text}</p>
      {retry !== null && onRetry && (
        <button type="button" className="main-button" onClick={() => void onRetry()}>
          {retry}
        </button>
      )}
    </section>
  )
}

export interface NoticeProps {
  readonly kind: keyof DeskTexts['page']['notices']
  /** The heading's, where it is a part of a page that has another. @default 'h1' */
  readonly level?: 'h1' | 'h2' | 'h3' | undefined
  readonly onRetry?: (() => unknown) | undefined
}

interface NoticeTexts {
  readonly title: string
  readonly text: string
  /** What the button says; null where trying again is of no use. */
  readonly retry: string | null
}
