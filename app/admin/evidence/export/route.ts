import { getServerSession } from 'next-auth'
import { authOptions, internalStream } from '../../../../lib/auth/next-auth.ts'

const names = ['format', 'from', 'to', 'actor', 'purpose', 'property', 'kind']

/**
 * Passes the log of evidence on as a file, as fast as it is taken and no faster; whoever stops it stops the reading. A
 * POST, since exporting is an act that is written down: `proxy.ts` turns away what comes from another site.
 */
export async function POST(request: Request): Promise<Response> {
  const session = (await getServerSession(authOptions())) as { sid?: string } | null
  if (!session?.sid) return Response.redirect(new URL('/admin/sign-in', request.url), 303)
  const query = new URLSearchParams()
  for (const [name, value] of await request.formData()) {
    if (names.includes(name) && typeof value === 'string') query.append(name, value)
  }
  const answer = await internalStream(session.sid, `/v1/evidence/export?${query}`, request.signal)
  const headers = new Headers({ 'Cache-Control': 'no-store' })
  for (const name of ['content-type', 'content-disposition']) {
    const value = answer.headers.get(name)
    if (value !== null) headers.set(name, value)
  }
  return new Response(answer.body, { status: answer.status, headers })
}
