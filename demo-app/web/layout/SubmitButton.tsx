import type { ReactNode } from 'react'

interface SubmitButtonProps {
  busy: boolean
  /** `plain` while a notice below offers to try again, so that one button stands out and not two. */
  look?: 'primary' | 'plain'
  children: ReactNode
}

/** The one button of a form. While the form is on its way it stays where it is, keeps the focus and does nothing. */
export function SubmitButton({ busy, look = 'primary', children }: SubmitButtonProps) {
  return (
    <button
      type="submit"
      className="button"
      data-look={look}
      aria-disabled={busy}
      onClick={(event) => {
        if (busy) event.preventDefault()
      }}
    >
      {children}
    </button>
  )
}
