import { useRef, useState } from 'react'
import type { CSSProperties, FocusEvent, ReactNode } from 'react'
import { useWindowedList } from '../useWindowedList.ts'

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
  const [held, setHeld] = useState<string | null>(null)
  const { virtualizer, top } = useWindowedList<HTMLLIElement>({
    list,
    count: items.length,
    keyOf: (index) => keyOf(items[index]!),
    estimatePx,
    overscan: 4,
    // What stands in the page's own flow the browser itself holds on to; a second correction would make it jump.
    keepsPlace: !CSS.supports('overflow-anchor', 'auto'),
    heldAt: held === null ? -1 : items.findIndex((item) => keyOf(item) === held),
  })

  const onFocus = ({ target }: FocusEvent<HTMLUListElement>): void => {
    const entry = [...(list.current?.children ?? [])].find((child) => child.contains(target))
    const item = entry instanceof HTMLLIElement ? items[Number(entry.dataset['index'])] : undefined
    setHeld(item === undefined ? null : keyOf(item))
  }
  const onBlur = ({ currentTarget, relatedTarget }: FocusEvent<HTMLUListElement>): void => {
    if (!currentTarget.contains(relatedTarget)) setHeld(null)
  }
  const drawn = virtualizer.getVirtualItems()
  const total = virtualizer.getTotalSize() + top
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- it only watches where focus goes
    <ul ref={list} className={className} aria-label={label} onFocus={onFocus} onBlur={onBlur}>
      {drawn.map(({ index, key, start, end }, place) => {
        // Room for what is not drawn, as margins of what is: the list's own size stays out of the browser's scroll anchoring.
        const style: CSSProperties = {
          marginBlockStart: start - (drawn[place - 1]?.end ?? top),
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
