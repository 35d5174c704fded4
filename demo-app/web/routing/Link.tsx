import type { ComponentProps, MouseEvent } from 'react'
import { navigate } from './history.ts'
import { usePlace } from './usePlace.ts'

/** A link inside the shop. New tabs, new windows and downloads stay the browser's business. */
export function Link({ href, children, ...rest }: ComponentProps<'a'> & { href: string }) {
  const current = usePlace().path === href

  function follow(event: MouseEvent<HTMLAnchorElement>) {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(href)
  }

  return (
    <a href={href} aria-current={current ? 'page' : undefined} onClick={follow} {...rest}>
      {children}
    </a>
  )
}
