import type { RunningApi } from './start-api.ts'

/** What the pages do to sign somebody in, by hand. */
export function signInSteps(api: RunningApi) {
  const Authorization = `Bearer ${api.internalToken}`
  const headersOf = (session: unknown) => ({ Authorization, 'Assent-Session': String(session) })
  const post = async (path: string, body: object) => {
    const { status, body: step } = await api.call('POST', `/v1/internal/${path}`, body, { Authorization })
    return { status, step, headers: headersOf(step.session) }
  }
  return {
    password: (email: string, password: string) => post('sign-in', { email, password }),
    idToken: (id_token: string, nonce = 'a nonce') => post('sign-in/oidc', { id_token, nonce }),
    goOn: (ticket: unknown, given: { member?: string; code?: string } = {}) =>
      post('sign-in/continue', { ticket, ...given }),
    isSignedIn: async (headers: Record<string, string>) =>
      (await api.call('GET', '/v1/internal/session', undefined, headers)).status === 200,
  }
}
