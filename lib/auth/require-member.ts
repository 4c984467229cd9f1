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
  readonly must_enrol: boolean
}

export type SignedInMember = Member & { readonly api: AssentClient }

/**
 * Who is signed in, asked of the API for every page; anyone else is sent to sign in. Where her role lacks `scope` there
 * is nothing for her: the API would not answer either. `or` does as well. Who is yet to add a second factor is sent to do so.
 */
export async function requireMember(scope?: Scope, or?: Scope): Promise<SignedInMember> {
  const member = await requireSession()
  if (member.must_enrol) redirect('/admin/enrolment')
  if (scope !== undefined && ![scope, or].some((each) => each && member.scopes.includes(each))) notFound()
  return member
}

/** Who is signed in, also where she is yet to add the second factor that is demanded of her. */
export async function requireSession(): Promise<SignedInMember> {
  const session = (await getServerSession(authOptions())) as { sid?: string } | null
  if (!session?.sid) redirect('/admin/sign-in')
  const api = internalClient(session.sid)
  return { ...(await findMember(api)), api: whileSignedIn(api) }
}

/** A session that ends while a page is made sends her to sign in, as one that had ended before. */
function whileSignedIn(api: AssentClient): AssentClient {
  return new Proxy(api, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        const answer: unknown = value.apply(target, args)
        return answer instanceof Promise ? answer.catch(toSignIn) : answer
      }
    },
  })
}

function toSignIn(error: unknown): never {
  if (error instanceof AssentApiError && error.status === 401) redirect('/admin/sign-in')
  throw error
}

async function findMember(api: AssentClient): Promise<Member> {
  return api.call<Member>('GET', '/v1/internal/session').catch(toSignIn)
}
