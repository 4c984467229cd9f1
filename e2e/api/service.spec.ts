import { expect, test } from '@playwright/test'
import { authorization, check } from '../service.ts'

test('a pipeline’s day: ask, filter, be told of a withdrawal, filter again', async ({ request }) => {
  const subject = `user:e2e-${Date.now()}`
  const said = (act: string) =>
    request.post('/v1/consents', {
      headers: authorization,
      data: {
        subject,
        property: 'demo',
        notice: { key: 'starter', version: 1, locale: 'en' },
        evidence: { method: 'form' },
        choices: [{ purpose: 'ai_training', act }],
      },
    })
  const ask = () =>
    check(request, { subject, purpose: 'ai_training', collected_at: new Date().toISOString() })
  const filter = async () => {
    const line = `{"who":${JSON.stringify(subject.slice(5))},"at":"${new Date().toISOString()}"}\n`
    const response = await request.post('/v1/filter?purpose=ai_training&subject=user:who&collected_at=at', {
      headers: { ...authorization, 'Content-Type': 'application/x-ndjson' },
      data: Buffer.from(line),
    })
    return { isKept: (await response.text()) === line, id: response.headers()['assent-filter-id'] }
  }
  expect((await ask()).body.reason).toBe('never_asked')
  expect((await said('grant')).status()).toBe(201)
  expect((await ask()).body.reason).toBe('consent_given')
  expect((await filter()).isKept).toBe(true)
  await said('withdraw')
  expect((await ask()).body.reason).toBe('consent_withdrawn')
  const { isKept, id } = await filter()
  expect(isKept).toBe(false)
  const summary = await (await request.get(`/v1/filters/${id}`, { headers: authorization })).json()
  expect(summary).toMatchObject({ complete: true, records: 1, denied: { consent_withdrawn: 1 } })
})

test('health, readiness, metrics and the document are where they should be', async ({ request, baseURL }) => {
  expect((await request.get('/healthz')).status()).toBe(200)
  expect(await (await request.get('/readyz')).json()).toMatchObject({ ready: true })
  expect((await request.get('/metrics')).status()).toBe(401)
  const metrics = await (await request.get('/metrics', { headers: authorization })).text()
  expect(metrics).toContain('assent_decisions_total{route="check"')
  expect(metrics).not.toContain('user:')
  const document = await (await request.get('/openapi.json')).json()
  expect(document.openapi).toBe('3.1.0')
  expect(Object.keys(document.paths)).toEqual(
    expect.arrayContaining([
      '/v1/check',
      '/v1/consents',
      '/v1/filter',
      '/access/v1/evaluation',
      '/access/v1/evaluations',
    ]),
  )
  expect(Object.keys(document.paths).some((path) => path.includes('internal'))).toBe(false)
  const authzen = await (await request.get('/.well-known/authzen-configuration')).json()
  expect(authzen.policy_decision_point).toBe(baseURL)
})

test('a problem’s type is a page that exists', async ({ request, page }) => {
  const { status, body } = await check(request, { subject: 'alice', purpose: 'ai_training' })
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'identifier_invalid' })
  await page.goto(body.type)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('identifier_invalid')
})
