import { getServerSession } from 'next-auth'
import { mayPass } from '../../../../components/admin/relayed.ts'
import { authOptions, internalClient } from '../../../../lib/auth/next-auth.ts'

/**
 * Passes a call of the pages on to `/v1/…`, for whoever is signed in; the API decides whether she may. `proxy.ts` turns
 * away writes that come from another site.
 */
async function pass(
  request: Request,
  { params }: { readonly params: Promise<{ readonly path: readonly string[] }> },
): Promise<Response> {
  const { path } = await params
  const session = (await getServerSession(authOptions())) as { sid?: string } | null
  if (!session?.sid) return Response.json({ code: 'token_expired' }, { status: 401 })
  if (!mayPass(request.method, path)) return Response.json({ code: 'not_found' }, { status: 404 })
  const text = await request.text()
  const { response, bytes } = await internalClient(session.sid).exchange(
    request.method,
    `/v1/${path.join('/')}${new URL(request.url).search}`,
    text === '' ? undefined : text,
  )
  const type = response.headers.get('content-type') ?? 'application/json'
  return new Response(bytes, {
    status: response.status,
    headers: { 'Content-Type': type, 'Cache-Control': 'no-store' },
  })
}

export { pass as DELETE, pass as GET, pass as POST, pass as PUT }
