import { useEffect, useRef, type ReactNode } from 'react'
import { arrivedFromWithin } from '../routing/history.ts'

interface PageProps {
  /** The heading, and the first half of the window's title. */
  title: string
  /** One line under the heading. */
  lead?: ReactNode
  children: ReactNode
  /** Narrow pages are for reading and filling in; wide ones for looking around. */
  width?: 'narrow' | 'wide'
  /** Where the focus goes when the visitor came by a link inside the shop; `result`: something on the page takes it. */
  focus?: 'heading' | 'result'
}

/** One page of the shop. Its heading takes the focus after a link inside the shop, so that screen readers begin there. */
export function Page({ title, lead, children, width = 'narrow', focus = 'heading' }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    document.title = `${title} · Deckle`
  }, [title])

  useEffect(() => {
    if (focus === 'heading' && arrivedFromWithin()) heading.current?.focus({ preventScroll: true })
  }, [focus])

  return (
    <main className="page" data-width={width} id="main">
      <div className="page-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {lead && <p className="lead">{lead}</p>}
      </div>
      {children}
    </main>
  )
}
