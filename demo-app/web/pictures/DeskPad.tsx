const days = [0, 1, 2, 3, 4]

/** A week on a desk pad, two days of it planned. */
export function DeskPad() {
  return (
    <g transform="rotate(4 120 120)">
      <rect x="36" y="66" width="184" height="130" rx="4" fill="#1b2b52" opacity="0.14" />
      <rect x="28" y="56" width="184" height="132" rx="4" fill="#d9d2bd" />
      <rect x="28" y="52" width="184" height="130" rx="4" fill="#fbf9f2" />
      <path d="M28 56a4 4 0 0 1 4-4h176a4 4 0 0 1 4 4v20H28z" fill="#14594c" />
      <path d="M44 64h38" stroke="#fbf9f2" strokeWidth="4" strokeLinecap="round" />
      {days.map((day) => (
        <g key={day} transform={`translate(${28 + day * 36.8} 76)`}>
          {day > 0 && <path d="M0 0v106" stroke="#d8d2bf" strokeWidth="2" />}
          <path d="M9 13h12" stroke="#14594c" strokeWidth="3.5" strokeLinecap="round" />
          <path d="M9 34h19M9 52h19M9 70h19M9 88h19" stroke="#e2dccb" strokeWidth="2" />
        </g>
      ))}
      <path
        d="M38 108c6-6 10 2 16-3M38 126c5-5 9 3 18-2M112 108c6-6 10 2 17-3"
        stroke="#27408f"
        strokeWidth="3"
        fill="none"
        strokeLinecap="round"
      />
      <rect x="147" y="121" width="24" height="12" rx="2" fill="#f0b93a" />
    </g>
  )
}
