import { useEffect, useRef } from 'react'
import type { ClipboardEvent, KeyboardEvent } from 'react'
import { useShortcut } from './useShortcut.ts'

/** Takes anything: a code, a number, a whole message. A paste into the empty box looks at once; "/" comes back here. */
export function SearchBox({ text, busy, onSearch }: SearchBoxProps) {
  const box = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (!box.current) return
    box.current.value = text
    if (text === '') box.current.focus()
  }, [text])
  useShortcut('/', (event) => {
    event.preventDefault()
    box.current?.focus()
    box.current?.select()
  })

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.key === 'Escape') event.currentTarget.blur()
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    onSearch(event.currentTarget.value)
  }
  const onPaste = ({ currentTarget, clipboardData }: ClipboardEvent<HTMLTextAreaElement>): void => {
    const { value, selectionStart, selectionEnd } = currentTarget
    const replacesAll = selectionStart === 0 && selectionEnd === value.length
    if (replacesAll && clipboardData.getData('text').trim() !== '') onSearch(clipboardData.getData('text'))
  }
  return (
    <search>
      <form
        className="search"
        onSubmit={(event) => {
          event.preventDefault()
          onSearch(box.current?.value ?? '')
        }}
      >
        <label htmlFor="search-text" className="unseen">
          Search by anything the customer sent
        </label>
        <textarea
          id="search-text"
          ref={box}
          rows={1}
          defaultValue={text}
          autoComplete="off"
          autoCapitalize="off"
          autoCorrect="off"
          spellCheck={false}
          maxLength={60_000}
          enterKeyHint="search"
          placeholder="Code, message, order number, trace-id"
          aria-keyshortcuts="/"
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <kbd aria-hidden="true">/</kbd>
        <button type="submit" className="main-button" aria-disabled={busy}>
          {busy ? 'Looking…' : 'Look up'}
        </button>
      </form>
    </search>
  )
}

export interface SearchBoxProps {
  /** What is being looked for. */
  readonly text: string
  readonly busy: boolean
  readonly onSearch: (text: string) => void
}
