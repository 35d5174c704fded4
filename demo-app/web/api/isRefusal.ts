import { isHTTPError } from 'ky'

/** Whether the API understood a call and said no (a 4xx answer), so that the same call again gets the same answer. */
export function isRefusal(error: unknown): boolean {
  return isHTTPError(error) && error.response.status < 500
}
