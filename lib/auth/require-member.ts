import { redirect } from 'next/navigation'
import { getServerSession } from 'next-auth'
import { AssentApiError, type AssentClient } from '../client/client.ts'
import { authOptions, internalClient } from './next-auth.ts'

export type SignedInMember = { readonly email: string; readonly role: string; readonly api: AssentClient }

/** Who is signed in, asked of the API for every page; anyone else is sent to sign in. */
export async function requireMember(): Promise<SignedInMember> {
  const session = (await getServerSession(authOptions())) as { sid?: string } | null
  if (!session?.sid) redirect('/admin/sign-in')
  const api = internalClient(session.sid)
  try {
    const member = await api.call<{ email: string; role: string }>('GET', '/v1/internal/session')
    return { ...member, api }
  } catch (error) {
    if (error instanceof AssentApiError && error.status === 401) redirect('/admin/sign-in')
    throw error
  }
}
