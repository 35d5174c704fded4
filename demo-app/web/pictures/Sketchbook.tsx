const rings = [0, 1, 2, 3, 4, 5, 6, 7, 8]

/** A spiral sketchbook, open at a drawing of a hill and a sun. */
export function Sketchbook() {
  return (
    <g transform="rotate(-4 120 120)">
      <rect x="62" y="40" width="142" height="172" rx="5" fill="#1b2b52" opacity="0.14" />
      <rect x="56" y="32" width="142" height="172" rx="5" fill="#3d4854" />
      <rect x="58" y="34" width="136" height="168" rx="4" fill="#fbf9f2" />
      <circle cx="156" cy="78" r="17" fill="#f0b93a" />
      <path d="M76 156c20-34 38-46 54-24s32 6 52 18v28H76z" fill="#8fc0a4" />
      <path d="M76 166c28-20 52-14 106 2v10H76z" fill="#4f9276" />
      <path
        d="M100 146c-1-8-1-14 1-20M101 132c-4-3-6-6-6-11M101 134c4-2 6-5 7-9"
        stroke="#1d2733"
        strokeWidth="2.5"
        fill="none"
        strokeLinecap="round"
      />
      {rings.map((ring) => (
        <path
          key={ring}
          d={`M66 ${50 + ring * 17}c-20-5-22 9-3 7`}
          fill="none"
          stroke="#1d2733"
          strokeWidth="3.5"
          strokeLinecap="round"
        />
      ))}
    </g>
  )
}
