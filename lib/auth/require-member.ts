import { notFound, redirect } from 'next/navigation'
import { getServerSession } from 'next-auth'
import { AssentApiError, type AssentClient } from '../client/client.ts'
import { authOptions, internalClient } from './next-auth.ts'
import type { Scope } from './scopes.ts'

type Member = {
  readonly id: string
  readonly email: string
  readonly role: string
  readonly scopes: readonly string[]
}

export type SignedInMember = Member & { readonly api: AssentClient }

/**
 * Who is signed in, asked of the API for every page; anyone else is sent to sign in. Where her role lacks `scope` there
 * is nothing for her: the API would not answer either. `or` does as well.
 */
export async function requireMember(scope?: Scope, or?: Scope): Promise<SignedInMember> {
  const session = (await getServerSession(authOptions())) as { sid?: string } | null
  if (!session?.sid) redirect('/admin/sign-in')
  const api = internalClient(session.sid)
  const member = await findMember(api)
  if (scope !== undefined && ![scope, or].some((each) => each && member.scopes.includes(each))) notFound()
  return { ...member, api }
}

async function findMember(api: AssentClient): Promise<Member> {
  try {
    return await api.call<Member>('GET', '/v1/internal/session')
  } catch (error) {
    if (error instanceof AssentApiError && error.status === 401) redirect('/admin/sign-in')
    throw error
  }
}
