/** The shop's name beside a sheet with a torn edge. */
export function Wordmark() {
  return (
    <span className="wordmark">
      <svg viewBox="0 0 22 26" aria-hidden="true">
        <path d="M1 1h20v20.5l-3.3 3-3.4-2.4-3.3 2.7-3.3-2.7-3.4 2.4-3.3-3z" className="wordmark-sheet" />
        <path d="M6 8h10M6 13h6.5" className="wordmark-lines" />
      </svg>
      Deckle
    </span>
  )
}
