/** An envelope and the sheets that go into it. */
export function LetterSet() {
  return (
    <>
      <g transform="rotate(-8 120 110)">
        <rect x="52" y="36" width="132" height="110" rx="3" fill="#e3dcc6" />
        <rect x="48" y="42" width="132" height="110" rx="3" fill="#fbf9f2" />
        <path d="M62 62h74M62 78h92M62 94h60" stroke="#c9c2ac" strokeWidth="4" strokeLinecap="round" />
      </g>
      <g transform="rotate(5 130 140)">
        <rect x="50" y="96" width="156" height="104" rx="5" fill="#1b2b52" opacity="0.14" />
        <rect x="44" y="90" width="156" height="104" rx="5" fill="#e9876f" />
        <path d="M44 95a5 5 0 0 1 5-5h146a5 5 0 0 1 5 5l-72 56a10 10 0 0 1-12 0z" fill="#d26d54" />
        <path d="M44 96l72 56a10 10 0 0 0 12 0l72-56" fill="none" stroke="#f4a893" strokeWidth="3" />
        <circle cx="122" cy="152" r="17" fill="#27408f" />
        <path d="M116 144h12v14l-3 3-3-2-3 2-3-3z" fill="#f7f4ea" />
      </g>
    </>
  )
}
