import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import Provider from 'oidc-provider'

type Account = { readonly email: string; readonly email_verified: boolean }

export const client = { clientId: 'assent', clientSecret: 'a-secret-for-tests-alone' }

/** A real OpenID Connect provider on this machine, for as long as a test runs, with its own sign-in page. */
export async function startProvider(
  options: { readonly port?: number; readonly redirectUris?: readonly string[] } = {},
) {
  const http: Server = createServer()
  await new Promise<void>((resolve) => http.listen(options.port ?? 0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const key = { ...(await exportJWK(privateKey)), kid: 'test', alg: 'RS256', use: 'sig' }
  const accounts = new Map<string, Account>()
  const provider = new Provider(issuer, {
    clients: [
      {
        ...{ client_id: client.clientId, client_secret: client.clientSecret },
        redirect_uris: [...(options.redirectUris ?? ['http://localhost:3000/api/auth/callback/oidc'])],
      },
    ],
    jwks: { keys: [key] },
    cookies: { keys: ['for tests alone'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    // As most providers do: what was asked for by scope stands in the ID token.
    conformIdTokenClaims: false,
    findAccount: (_context, id) => {
      const account = accounts.get(id)
      return account && { accountId: id, claims: () => ({ sub: id, ...account }) }
    },
  })
  http.on('request', provider.callback())
  return {
    issuer,
    /** Who can sign in there, by the name she gives; any password is taken. */
    accounts,
    /** A token that this provider could have signed; `claims` in place of the usual ones. */
    sign: (claims: JWTPayload, header: { readonly kid?: string } = {}) => {
      const now = Math.floor(Date.now() / 1000)
      const usual = { iss: issuer, aud: client.clientId, iat: now, exp: now + 300, nonce: 'a nonce' }
      return new SignJWT({ ...usual, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'test', ...header })
        .sign(privateKey)
    },
    async close(): Promise<void> {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
}
