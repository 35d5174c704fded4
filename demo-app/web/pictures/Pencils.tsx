const pencils = [
  { left: 36, top: 52, body: '#e4573d', side: '#c14129' },
  { left: 65, top: 34, body: '#f0b93a', side: '#d49b1c' },
  { left: 94, top: 60, body: '#14594c', side: '#0d4439' },
  { left: 123, top: 28, body: '#27408f', side: '#1d3173' },
  { left: 152, top: 48, body: '#d8879a', side: '#bd6a7e' },
  { left: 181, top: 38, body: '#3d4854', side: '#2a333d' },
]

/** Six cedar pencils, sharpened, not all of one length. */
export function Pencils() {
  return pencils.map(({ left, top, body, side }) => (
    <g key={left} transform={`translate(${left} ${top})`}>
      <rect x="5" y="40" width="22" height={164 - top} rx="2" fill="#1b2b52" opacity="0.14" />
      <path d="M0 34 11 0l11 34z" fill="#ecd2a4" />
      <path d="M7.6 10.5 11 0l3.4 10.5z" fill={side} />
      <path d="M0 34q5.5-6 11 0 5.5-6 11 0v4H0z" fill={body} />
      <rect y="34" width="22" height={166 - top} fill={body} />
      <rect x="15" y="34" width="7" height={166 - top} fill={side} />
      <rect y={194 - top} width="22" height="6" fill="#f7f4ea" />
    </g>
  ))
}
