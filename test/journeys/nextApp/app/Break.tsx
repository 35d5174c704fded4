'use client'
import { useState } from 'react'

export function Break() {
  const [isBroken, setBroken] = useState(false)
  if (isBroken) throw new TypeError('the crash in the browser')
  return <button onClick={() => setBroken(true)}>Break</button>
}
