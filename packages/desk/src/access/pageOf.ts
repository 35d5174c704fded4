/**
 * Whose page a request comes from, by what browsers say and pages cannot change: `own` for the desk's, `foreign` for any other, another port
 * of this host among them; `unsaid` where none does, such as an address that was typed, or a program.
 */
export function pageOf(request: Request): 'own' | 'foreign' | 'unsaid' {
  // Sent over https and to this machine only.
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' ? 'own' : site === 'none' ? 'unsaid' : 'foreign'
  const origin = request.headers.get('origin')
  if (origin === null) return 'unsaid'
  // By host only, because the desk does not see that a proxy before it speaks https.
  return URL.canParse(origin) && new URL(origin).host === new URL(request.url).host ? 'own' : 'foreign'
}
