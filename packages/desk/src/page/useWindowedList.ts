import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual'
import type { Range, Virtualizer } from '@tanstack/react-virtual'
import { useCallback, useLayoutEffect, useState } from 'react'
import type { RefObject } from 'react'

/**
 * Says which entries of a long list in the page's own flow are drawn: those near what is seen, and the one that is held. While it is off, all are
 * there, and nothing is measured.
 */
export function useWindowedList<Entry extends Element>(options: WindowedListOptions): WindowedList<Entry> {
  const { list, count, keyOf, estimatePx, overscan, heldAt, isOn = true, keepsPlace = true } = options
  const top = useTopOf(list, { isWatched: isOn })
  // oxlint-disable-next-line react/incompatible-library -- its values stay in the component that asks, and only its one stable function is handed on
  const virtualizer = useWindowVirtualizer<Entry>({
    count,
    enabled: isOn,
    estimateSize: () => estimatePx,
    getItemKey: keyOf,
    overscan,
    scrollMargin: top,
    rangeExtractor: useCallback(
      (range: Range) => {
        const drawn = defaultRangeExtractor(range)
        return heldAt < 0 || drawn.includes(heldAt) ? drawn : [...drawn, heldAt].toSorted((a, b) => a - b)
      },
      [heldAt],
    ),
  })
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = keepsPlace ? undefined : () => false
  return { virtualizer, top }
}

export interface WindowedListOptions {
  readonly list: RefObject<Element | null>
  readonly count: number
  /** Of an entry by its place; the same function as long as the entries are the same. */
  readonly keyOf: (index: number) => string
  /** About how high an entry is before it was drawn, in pixels. */
  readonly estimatePx: number
  /** Entries that are drawn beyond what is seen, on either side. */
  readonly overscan: number
  /** The place of the entry with focus, which stays however far away one scrolls; -1 for none. */
  readonly heldAt: number
  /** @default true */
  readonly isOn?: boolean | undefined
  /** Whether to correct the scroll position when an entry turns out to be higher than it was taken for. @default true */
  readonly keepsPlace?: boolean | undefined
}

export interface WindowedList<Entry extends Element> {
  readonly virtualizer: Virtualizer<Window, Entry>
  /** How far below the page's beginning the list begins, in pixels. */
  readonly top: number
}

/** Also after what stands before it has changed its height, which it may at any time. */
function useTopOf(list: RefObject<Element | null>, { isWatched }: { readonly isWatched: boolean }): number {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const element = list.current
    if (!isWatched || !element) return undefined
    const measure = (): void => setTop(Math.round(element.getBoundingClientRect().top + scrollY))
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    measure()
    return () => observer.disconnect()
  }, [list, isWatched])
  return top
}
