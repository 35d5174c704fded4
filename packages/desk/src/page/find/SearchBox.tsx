import { useEffect, useRef } from 'react'
import type { ClipboardEvent, InputEvent, KeyboardEvent } from 'react'
import { useSingleKeys } from '../singleKeys.ts'
import { useShortcut } from '../useShortcut.ts'

/** Takes anything: a code, a number, a whole message. A paste over all there is looks at once; "/" comes back here. */
export function SearchBox({ text, state, onSearch }: SearchBoxProps) {
  const box = useRef<HTMLTextAreaElement>(null)
  const isPastedOverAll = useRef(false)
  const hasKeys = useSingleKeys()
  useEffect(() => {
    if (box.current && box.current.value !== text) box.current.value = text
  }, [text])
  useEffect(() => {
    if (state === 'start') box.current?.focus()
  }, [state])
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
    const isOverAll = selectionStart === 0 && selectionEnd === value.length
    isPastedOverAll.current = isOverAll && clipboardData.getData('text').trim() !== ''
  }
  const onInput = ({ currentTarget, nativeEvent }: InputEvent<HTMLTextAreaElement>): void => {
    // Only now the browser has put the text in; a search on the paste itself would write it into the box a first time.
    if (isPastedOverAll.current && nativeEvent.inputType === 'insertFromPaste') onSearch(currentTarget.value)
    isPastedOverAll.current = false
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
          enterKeyHint="search"
          placeholder="Code, message, order number, trace-id"
          aria-keyshortcuts={hasKeys ? '/' : undefined}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onInput={onInput}
        />
        {hasKeys && <kbd aria-hidden="true">/</kbd>}
        <button type="submit" className="main-button" aria-disabled={state === 'busy'}>
          {state === 'busy' ? 'Looking…' : 'Look up'}
        </button>
      </form>
    </search>
  )
}

export interface SearchBoxProps {
  /** What is being looked for. */
  readonly text: string
  /** At the `start` focus waits in the box. */
  readonly state: 'start' | 'busy' | 'done'
  readonly onSearch: (text: string) => void
}
