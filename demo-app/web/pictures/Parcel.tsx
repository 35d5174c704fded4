/** A parcel: something is in it. */
export function Parcel() {
  return (
    <>
      <ellipse cx="122" cy="196" rx="78" ry="8" fill="#1b2b52" opacity="0.14" />
      <rect x="50" y="72" width="140" height="120" rx="5" fill="#d9a76a" />
      <path d="M50 77a5 5 0 0 1 5-5h130a5 5 0 0 1 5 5v23H50z" fill="#c48f50" />
      <rect x="110" y="72" width="20" height="120" fill="#f7f4ea" opacity="0.75" />
      <path d="M66 172h26M66 160h18" stroke="#7d5524" strokeWidth="4" strokeLinecap="round" />
    </>
  )
}
