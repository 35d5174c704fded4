/** The type of a request's body in lower case, without parameters; undefined where none is told. */
export function mediaTypeOf(request: Request): string | undefined {
  return request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
}
