/** Grey lines where text will be. Screen readers hear one word instead. */
export function Loading({ what, lines = 4 }: { what: string; lines?: number }) {
  return (
    <div className="loading" aria-live="polite">
      <span className="visually-hidden">Loading {what}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span className="bone" key={line} />
      ))}
    </div>
  )
}
