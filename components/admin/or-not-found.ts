import { notFound } from 'next/navigation'
import { AssentApiError } from '../../lib/client/client.ts'

/** For what has a page of its own: an address that names nothing is a page that is not there. */
export function orNotFound(error: unknown): never {
  if (error instanceof AssentApiError && (error.status === 404 || error.status === 400)) notFound()
  throw error
}
