import { useEffect, useState } from 'react'

/** The time, milliseconds since the epoch; while something goes on, anew as often as the page asks for it again. */
export function useNow(goesOn: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!goesOn) return undefined
    const timer = setInterval(() => setNow(Date.now()), REFRESH_MS)
    return () => clearInterval(timer)
  }, [goesOn])
  return now
}

const REFRESH_MS = 5000
