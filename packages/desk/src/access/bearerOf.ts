/** The token of an `Authorization: Bearer` header, whatever it is worth; null when there is no such header. */
export function bearerOf(request: Request): string | null {
  return /^Bearer(?: +(.*))?$/i.exec(request.headers.get('authorization') ?? '')?.at(1)?.trim() ?? null
}
