import { defaultRangeExtractor, useWindowVirtualizer } from '@tanstack/react-virtual'
import { useLayoutEffect, useRef, useState } from 'react'
import type { CSSProperties, FocusEvent, ReactNode, RefObject } from 'react'

/**
 * A list of which, when it is long, only what is on the screen is drawn, and what has focus. Everything lies in the page's own flow,
 * so that the page scrolls as ever, and an entry may grow.
 */
export function LongList<Item>(props: LongListProps<Item>) {
  const { items, keyOf, label, className, children } = props
  if (items.length > LONGEST_DRAWN) return <WindowedList {...props} />
  return (
    <ul className={className} aria-label={label}>
      {items.map((item) => (
        <li key={keyOf(item)}>{children(item)}</li>
      ))}
    </ul>
  )
}

export interface LongListProps<Item> {
  readonly items: readonly Item[]
  readonly keyOf: (item: Item) => string
  /** About how high an entry is before it was drawn, in pixels. */
  readonly estimatePx: number
  readonly label?: string | undefined
  readonly className?: string | undefined
  readonly children: (item: Item) => ReactNode
}

const LONGEST_DRAWN = 60

function WindowedList<Item>({ items, keyOf, estimatePx, label, className, children }: LongListProps<Item>) {
  const list = useRef<HTMLUListElement>(null)
  const scrollMargin = useTopOf(list)
  const [held, setHeld] = useState<string | null>(null)
  const heldAt = held === null ? -1 : items.findIndex((item) => keyOf(item) === held)
  // oxlint-disable-next-line react/incompatible-library -- its values stay in this component
  const virtualizer = useWindowVirtualizer<HTMLLIElement>({
    count: items.length,
    estimateSize: () => estimatePx,
    getItemKey: (index) => keyOf(items[index]!),
    overscan: 4,
    scrollMargin,
    rangeExtractor(range) {
      const drawn = defaultRangeExtractor(range)
      return heldAt < 0 || drawn.includes(heldAt) ? drawn : [...drawn, heldAt].toSorted((a, b) => a - b)
    },
  })
  // Where the browser itself holds on to what is on the screen, a second correction would make it jump.
  virtualizer.shouldAdjustScrollPositionOnItemSizeChange = CSS.supports('overflow-anchor', 'auto')
    ? () => false
    : undefined

  const onFocus = ({ target }: FocusEvent<HTMLUListElement>): void => {
    const entry = [...(list.current?.children ?? [])].find((child) => child.contains(target))
    const item = entry instanceof HTMLLIElement ? items[Number(entry.dataset['index'])] : undefined
    setHeld(item === undefined ? null : keyOf(item))
  }
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent<HTMLUListElement>): void => {
    if (!currentTarget.contains(relatedTarget)) setHeld(null)
  }
  const drawn = virtualizer.getVirtualItems()
  const total = virtualizer.getTotalSize() + scrollMargin
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only watches where focus goes
    <ul ref={list} className={className} aria-label={label} onFocus={onFocus} onBlur={onBlur}>
      {drawn.map(({ index, key, start, end }, place) => {
        // Room for what is not drawn, as margins of what is: the list's own size stays out of the browser's scroll anchoring.
        const style: CSSProperties = {
          marginBlockStart: start - (drawn[place - 1]?.end ?? scrollMargin),
          marginBlockEnd: place === drawn.length - 1 ? total - end : 0,
        }
        return (
          <li
            key={key}
            ref={virtualizer.measureElement}
            data-index={index}
            aria-setsize={items.length}
            aria-posinset={index + 1}
            style={style}
          >
            {children(items[index]!)}
          </li>
        )
      })}
    </ul>
  )
}

/** How far below the page's beginning an element begins, also after what stands before it has grown. */
function useTopOf(element: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0)
  useLayoutEffect(() => {
    const measure = (): void => {
      if (element.current) setTop(Math.round(element.current.getBoundingClientRect().top + scrollY))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [element])
  return top
}
