const rolls = [
  { x: 148, y: 92, r: 46, colour: '#d9a76a', dark: '#b98347' },
  { x: 92, y: 140, r: 54, colour: '#c48f50', dark: '#9f6f35' },
]

/** Two rolls of kraft tape, one of them begun. */
export function PaperTape() {
  return (
    <>
      <path d="M92 172h122l-6 5.5 6 5.5-6 5.5 6 5.5H92z" fill="#dcb27c" />
      {rolls.map(({ x, y, r, colour, dark }) => (
        <g key={x}>
          <circle cx={x + 5} cy={y + 6} r={r} fill="#1b2b52" opacity="0.14" />
          <circle cx={x} cy={y} r={r} fill={colour} />
          <circle cx={x} cy={y} r={r - 7} fill="none" stroke={dark} strokeWidth="2" />
          <circle cx={x} cy={y} r={r - 14} fill="none" stroke={dark} strokeWidth="2" />
          <circle cx={x} cy={y} r={r * 0.56} fill="#f7f4ea" />
          <circle cx={x} cy={y} r={r * 0.44} fill="var(--tile)" />
        </g>
      ))}
    </>
  )
}
