/** Reads a time span such as `7d`, `24h` or `30m`, up to ten years; null for anything else. Milliseconds. */
export function spanIn(text: string): number | null {
  const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? []
  const ms = Number(count) * (UNITS[unit] ?? 0)
  return ms > 0 && ms <= 3653 * 86_400_000 ? ms : null
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }
