import type { APIRequestContext } from '@playwright/test'

const key = process.env.ASSENT_E2E_KEY ?? ''
export const admin = {
  email: process.env.ASSENT_E2E_EMAIL ?? '',
  password: process.env.ASSENT_E2E_PASSWORD ?? '',
}
/** The OpenID Connect provider that the server under test was told of; a test starts it on this port. */
export const provider = { name: 'Test login', port: Number(process.env.ASSENT_E2E_OIDC_PORT) }
/** Where the server under test sends its mail; a test starts a server there. */
export const smtpPort = Number(process.env.ASSENT_E2E_SMTP_PORT)
export const authorization = { Authorization: `Bearer ${key}` }

/** Asks as a pipeline does. */
export async function check(request: APIRequestContext, question: object) {
  const response = await request.post('/v1/check', { headers: authorization, data: question })
  return { status: response.status(), body: await response.json() }
}
