/** Shows or hides what a step led to. Left and right on the step itself do the same, so that it is no stop of its own for Tab. */
export function FoldButton({ isOpen, name, onFold }: FoldButtonProps) {
  return (
    <button type="button" className="fold" tabIndex={-1} aria-expanded={isOpen} aria-label={name} onClick={onFold}>
      <Chevron />
    </button>
  )
}

export interface FoldButtonProps {
  readonly isOpen: boolean
  readonly name: string
  readonly onFold: () => void
}

/** Turned by the style sheet as the row is open. */
export function Chevron() {
  return (
    <svg className="chevron" viewBox="0 0 16 16" aria-hidden="true">
      <path d="M6 3.5L10.5 8 6 12.5" />
    </svg>
  )
}
