import { expect } from 'vitest'
import type { Consents, Experience, PurposeChoice } from '../../web/experience.ts'
import type { RunningApi } from './start-api.ts'

// biome-ignore lint/suspicious/noExplicitAny: what the tests look at, they expect to be there
export type Body = Record<string, any>
export type Told = { readonly status: number; readonly body: Body }

/** Calls as a page of a property does. */
export function pagesOf(api: () => RunningApi, clock: () => number, origin = 'http://localhost:3000') {
  async function send(method: string, path: string, body?: object, token?: string, property = 'demo') {
    const response = await fetch(`${api().url}/v1/public/${property}${path}`, {
      method,
      headers: {
        Origin: origin,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Body }
  }
  const get = (path: string, token?: string) => send('GET', path, undefined, token)
  const post = (path: string, body: object = {}, token?: string, property?: string) =>
    send('POST', path, body, token, property)
  const experience = async () => (await get('/experience?on=page')).body as unknown as Experience

  return {
    get,
    post,
    experience,
    /** A device that has said nothing yet. */
    async newDevice() {
      const { serving } = await experience()
      const { token, device } = (await post('/tokens', { serving })).body as { token: string; device: string }
      const snapshot = async () => (await post('/snapshots', { serving }, token)).body.snapshot as string
      return {
        token,
        device,
        snapshot,
        async says(act: PurposeChoice['act'], ...purposes: string[]): Promise<Told> {
          const choices = purposes.map((purpose) => ({ purpose, act }))
          return post('/consents', { snapshot: await snapshot(), choices }, token)
        },
        async asks(email: string, ...purposes: string[]): Promise<Told> {
          return post('/confirmations', { snapshot: await snapshot(), email, purposes }, token)
        },
        ageIs: (age: number): Promise<Told> => post('/age', { age }, token),
        async stands(purpose: string): Promise<Consents['purposes'][number]> {
          const { body } = await get('/consents', token)
          return body.purposes.find(({ key }: Body) => key === purpose)
        },
      }
    },
    /** What a pipeline would be told of a device. */
    async reasonFor(device: string, purpose: string): Promise<string> {
      const asked = { subject: `device:${device}`, purpose, property: 'demo' }
      const { status, body } = await api().call('POST', '/v1/check', {
        ...asked,
        collected_at: new Date(clock()).toISOString(),
      })
      expect(status).toBe(200)
      return body.reason as string
    },
  }
}
