import { useEffect, useId, useRef, useState } from 'react'
import type { ClipboardEvent, InputEvent, KeyboardEvent } from 'react'
import { useSingleKeys } from '../singleKeys.ts'
import { useTexts } from '../texts/useTexts.ts'
import { useShortcut } from '../useShortcut.ts'
import { optionId, RecentList } from './RecentList.tsx'
import { recentMatching } from './recentLookUps.ts'
import type { RecentLookUp } from './recentLookUps.ts'

/**
 * Takes anything: a code, a number, a whole message. A paste over all there is looks at once; "/" comes back here. While something is
 * typed, or the arrow goes down, it offers the recent look-ups that fit. HTML lets no box of several lines be a `combobox`, so it is a text
 * box that controls a list and names the entry that is meant.
 */
export function SearchBox({ text, state, recent, onSearch }: SearchBoxProps) {
  const { find } = useTexts()
  const box = useRef<HTMLTextAreaElement>(null)
  const isPastedOverAll = useRef(false)
  const hasKeys = useSingleKeys()
  const listId = useId()
  const [offered, setOffered] = useState(NONE)
  const [active, setActive] = useState(-1)
  const isOpen = offered.length > 0

  useEffect(() => {
    if (box.current && box.current.value !== text) box.current.value = text
  }, [text])
  useEffect(() => {
    // Where Back leads to a place further down, the page stays there.
    if (state === 'start') box.current?.focus({ preventScroll: true })
  }, [state])
  useShortcut('/', (event) => {
    event.preventDefault()
    box.current?.focus()
    box.current?.select()
  })

  const offer = (lookUps: readonly RecentLookUp[], place = -1): void => {
    setOffered(lookUps)
    setActive(place)
  }
  const search = (wanted: string): void => {
    offer(NONE)
    onSearch(wanted)
  }
  const onArrow = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    const { value } = event.currentTarget
    // In a text of several lines the arrows go from line to line.
    if (event.shiftKey || event.ctrlKey || event.metaKey || value.includes('\n')) return
    const step = event.key === 'ArrowDown' ? 1 : -1
    if (isOpen) {
      event.preventDefault()
      const places = offered.length + 1
      // Past either end is the box itself, with what was typed.
      setActive(((active + 1 + step + places) % places) - 1)
    } else if (step > 0) {
      const lookUps = recentMatching(value === text ? '' : value, recent())
      if (lookUps.length === 0) return
      event.preventDefault()
      offer(lookUps, 0)
    }
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') onArrow(event)
    if (event.key === 'Escape') {
      if (isOpen) offer(NONE)
      else event.currentTarget.blur()
    }
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    search(offered[active]?.reference ?? event.currentTarget.value)
  }
  const onPaste = ({ currentTarget, clipboardData }: ClipboardEvent<HTMLTextAreaElement>): void => {
    const { value, selectionStart, selectionEnd } = currentTarget
    const isOverAll = selectionStart === 0 && selectionEnd === value.length
    isPastedOverAll.current = isOverAll && clipboardData.getData('text').trim() !== ''
  }
  const onInput = ({ currentTarget, nativeEvent }: InputEvent<HTMLTextAreaElement>): void => {
    const { value } = currentTarget
    offer(value.trim() === '' || value.includes('\n') ? NONE : recentMatching(value, recent()))
    // Only now the browser has put the text in; a search on the paste itself would write it into the box a first time.
    if (isPastedOverAll.current && nativeEvent.inputType === 'insertFromPaste') search(value)
    isPastedOverAll.current = false
  }
  return (
    <search>
      <form
        className="search"
        onSubmit={(event) => {
          event.preventDefault()
          search(box.current?.value ?? '')
        }}
      >
        <label htmlFor="search-text" className="unseen">
          {find.label}
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
          placeholder={find.placeholder}
          aria-keyshortcuts={hasKeys ? '/' : undefined}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={isOpen ? listId : undefined}
          aria-activedescendant={isOpen && active >= 0 ? optionId(listId, active) : undefined}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onInput={onInput}
          onClick={({ currentTarget }) => {
            if (!isOpen && currentTarget.value === text) offer(recent())
          }}
          onBlur={() => offer(NONE)}
        />
        {hasKeys && <kbd aria-hidden="true">/</kbd>}
        {isOpen && <RecentList id={listId} lookUps={offered} active={active} onChoose={search} />}
        <button type="submit" className="main-button" aria-disabled={state === 'busy'}>
          {state === 'busy' ? find.looking : find.lookUp}
        </button>
      </form>
      <output className="unseen">{isOpen && find.recentCount(offered.length)}</output>
    </search>
  )
}

export interface SearchBoxProps {
  /** What is being looked for. */
  readonly text: string
  /** At the `start` focus waits in the box. */
  readonly state: 'start' | 'busy' | 'done'
  /** What was looked at on this device, the newest first. */
  readonly recent: () => readonly RecentLookUp[]
  readonly onSearch: (text: string) => void
}

const NONE: readonly RecentLookUp[] = []
