/** A bottle of blue-black ink. */
export function InkBottle() {
  return (
    <>
      <ellipse cx="124" cy="200" rx="72" ry="8" fill="#1b2b52" opacity="0.14" />
      <path
        d="M92 78h56v16c22 5 36 20 36 42v46a16 16 0 0 1-16 16H72a16 16 0 0 1-16-16v-46c0-22 14-37 36-42z"
        fill="#dfeaf2"
      />
      <path d="M64 140c0-6 1-10 3-14h106c2 4 3 8 3 14v40a10 10 0 0 1-10 10H74a10 10 0 0 1-10-10z" fill="#1c2f63" />
      <path d="M67 126h106c2 4 3 8 3 14v2H64v-2c0-6 1-10 3-14z" fill="#2d4688" />
      <rect x="82" y="146" width="76" height="34" rx="2" fill="#f7f4ea" />
      <path d="M94 157h52M104 168h32" stroke="#1c2f63" strokeWidth="3" strokeLinecap="round" />
      <rect x="84" y="38" width="72" height="42" rx="6" fill="#1d2733" />
      <path
        d="M96 44v30M108 44v30M120 44v30M132 44v30M144 44v30"
        stroke="#3a4654"
        strokeWidth="3"
        strokeLinecap="round"
      />
      <path d="M70 112c4-6 10-9 18-11" stroke="#fff" strokeWidth="5" strokeLinecap="round" fill="none" />
    </>
  )
}
