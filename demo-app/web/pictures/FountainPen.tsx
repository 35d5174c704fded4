/** A fountain pen of brass with its cap beside it, and the line it has just drawn. */
export function FountainPen() {
  return (
    <>
      <path
        d="M28 202c14-16 24-16 30-4s16 8 24-4 16-12 22-2 12 8 20-2"
        fill="none"
        stroke="#27408f"
        strokeWidth="4"
        strokeLinecap="round"
      />
      <g transform="rotate(38 120 120)">
        <rect x="114" y="14" width="26" height="122" rx="8" fill="#1b2b52" opacity="0.14" />
        <rect x="107" y="6" width="26" height="126" rx="7" fill="#d9a73a" />
        <rect x="111" y="12" width="6" height="114" rx="3" fill="#f3d488" />
        <rect x="125" y="6" width="8" height="126" rx="4" fill="#b98622" />
        <path d="M107 22h26M107 112h26" stroke="#8f6414" strokeWidth="3" />
        <path d="M107 132h26l-3 34h-20z" fill="#b98622" />
        <path d="M112 132h6l-1 34h-5z" fill="#e8c066" />
        <path d="M111 166h18l-8 38h-2z" fill="#3d4854" />
        <path d="M120 172v20" stroke="#8d99a5" strokeWidth="2" />
      </g>
      <g transform="rotate(38 186 152)">
        <rect x="177" y="108" width="30" height="84" rx="8" fill="#1b2b52" opacity="0.14" />
        <rect x="170" y="102" width="30" height="84" rx="8" fill="#d9a73a" />
        <rect x="174" y="108" width="6" height="72" rx="3" fill="#f3d488" />
        <path d="M170 172h30" stroke="#8f6414" strokeWidth="3" />
        <rect x="188" y="110" width="7" height="50" rx="3.5" fill="#8f6414" />
      </g>
    </>
  )
}
