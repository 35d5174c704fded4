import { randomBytes } from 'node:crypto'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'

/**
 * The id of a browser's visit, from its cookie, or a new one with its cookie set. The page asks for it before its first API
 * calls, which come side by side and would each begin a visit of their own.
 */
export function visitOf(context: Context): string {
  const visit = getCookie(context, 'visit') ?? randomBytes(18).toString('base64url')
  setCookie(context, 'visit', visit, { httpOnly: true, sameSite: 'Lax', path: '/', maxAge: 30 * 24 * 3600 })
  return visit
}
