import { connection } from 'next/server'
import { loadOrder } from '../../lib/shop'

export default async function Unwrapped() {
  await connection()
  return <h1>{(await loadOrder('A-1001')).order}</h1>
}
