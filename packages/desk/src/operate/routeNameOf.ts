import type { RouteName } from './createMetrics.ts'

/** The name under which requests for a path are counted. A stranger's paths are all `other`. */
export function routeNameOf(path: string): RouteName {
  if (/^\/api\/trails\/[^/]+\/handling$/.test(path)) return 'handling'
  const [, first = '', second = ''] = path.split('/', 3)
  return ROUTES.get(`${first}/${second}`) ?? ROUTES.get(first) ?? 'other'
}

const ROUTES: ReadonlyMap<string, RouteName> = new Map([
  ['v1/traces', 'traces'],
  ['v1/logs', 'logs'],
  ['v1/metrics', 'metrics-intake'],
  ['api/links', 'links'],
  ['api/trails', 'look-up'],
  ['api/search', 'look-up'],
  ['api/customers', 'customers'],
  ['api/recent', 'recent'],
  ['api/failures', 'failures'],
  ['api/map', 'map'],
  ['api', 'admin'],
  ['mcp', 'mcp'],
  ['session', 'sign-in'],
  ['login', 'sign-in'],
  ['logout', 'sign-in'],
  ['', 'page'],
  ['trail', 'page'],
  ['customer', 'page'],
  ['map', 'page'],
  ['assets', 'page'],
  ['healthz', 'health'],
  ['readyz', 'health'],
  ['metrics', 'metrics'],
])
