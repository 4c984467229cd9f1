import NextAuth from 'next-auth'
import { authOptions } from '../../../../lib/auth/next-auth.ts'

type Context = { readonly params: Promise<{ readonly nextauth: string[] }> }

async function handle(request: Request, context: Context): Promise<Response> {
  return (await NextAuth(authOptions())(request, context)) as Response
}

export { handle as GET, handle as POST }
