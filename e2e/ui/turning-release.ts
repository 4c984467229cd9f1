import { type APIRequestContext, expect } from '@playwright/test'
import { authorization, check } from '../service.ts'

type Item = { readonly kind: string; readonly key: string; readonly definition: Record<string, unknown> }
type Flips = {
  readonly state: string
  readonly report: {
    readonly allowed: { readonly questions: number }
    readonly denied: { readonly questions: number }
  } | null
}

async function call<T>(request: APIRequestContext, method: string, path: string, data?: object): Promise<T> {
  const response = await request.fetch(`/v1/${path}`, {
    ...{ method, headers: authorization },
    ...(data === undefined ? {} : { data }),
  })
  expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true)
  return (await response.json()) as T
}

/** A draft under which some answers to what was just asked turn, either way, with its report. Answers its id. */
export async function turningRelease(request: APIRequestContext): Promise<string> {
  const nobody = `user:nobody-${Date.now()}`
  for (const purpose of ['service', 'analytics']) await check(request, { subject: nobody, purpose })
  const { items } = await call<{ items: readonly Item[] }>(request, 'GET', 'configuration')
  const standing = items.find(({ kind, key }) => kind === 'regime' && key === 'default')?.definition ?? {}
  const rules = {
    ...(standing.rules as object),
    service: { rule: 'prohibited', basis: 'contract' },
    analytics: { rule: 'notice_only', basis: 'legitimate_interests' },
  }
  const { id } = await call<{ id: string }>(request, 'POST', 'releases', { title: 'Turns answers' })
  await call(request, 'PUT', `releases/${id}/items/regime/default`, {
    edit: 0,
    definition: { ...standing, rules },
  })
  // What was asked is stored within a second or two.
  await expect
    .poll(
      async () => {
        await call(request, 'POST', `releases/${id}/flips`)
        let flips = await call<Flips>(request, 'GET', `releases/${id}/flips`)
        while (flips.state === 'running') flips = await call(request, 'GET', `releases/${id}/flips`)
        return (flips.report?.allowed.questions ?? 0) > 0 && (flips.report?.denied.questions ?? 0) > 0
      },
      { timeout: 60_000 },
    )
    .toBe(true)
  return id
}
