/** A ruled notebook, held shut by its band. */
export function Notebook() {
  return (
    <g transform="rotate(-7 120 120)">
      <rect x="70" y="48" width="116" height="156" rx="6" fill="#1b2b52" opacity="0.16" />
      <rect x="62" y="40" width="118" height="156" rx="6" fill="#f7f4ea" />
      <path d="M176 44v148" stroke="#d9d3c0" strokeWidth="2" />
      <rect x="58" y="38" width="116" height="156" rx="6" fill="#27408f" />
      <path d="M58 44a6 6 0 0 1 6-6h10v156H64a6 6 0 0 1-6-6z" fill="#1d3173" />
      <rect x="90" y="66" width="62" height="34" rx="2" fill="#f7f4ea" />
      <path d="M98 78h46M98 88h30" stroke="#27408f" strokeWidth="3" strokeLinecap="round" />
      <rect x="156" y="38" width="7" height="156" fill="#e4573d" />
      <path d="M120 194v20l-5-5-5 5v-20z" fill="#e4573d" />
    </g>
  )
}
