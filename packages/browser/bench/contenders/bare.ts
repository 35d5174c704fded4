import { offer } from '../offer.ts'

offer({ fetch: (...args) => fetch(...args) })
