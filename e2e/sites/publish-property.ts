import { type APIRequestContext, type Browser, expect } from '@playwright/test'
import { authorization } from '../service.ts'
import { settleAlone } from '../ui/settle-alone.ts'
import { signIn } from '../ui/sign-in.ts'

/** Publishes a property of its own for the pages of these origins, and answers its key. */
export async function publishProperty(
  { browser, request }: { readonly browser: Browser; readonly request: APIRequestContext },
  origins: readonly string[],
): Promise<string> {
  const key = `site-${Date.now()}`
  const call = (method: string, path: string, data: object = {}) =>
    request.fetch(`/v1/${path}`, { method, headers: authorization, data })
  const { id } = await (await call('POST', 'releases', { title: 'A site of a test' })).json()
  const definition = { key, name: 'A site', origins }
  await call('PUT', `releases/${id}/items/property/${key}`, { edit: 0, definition })
  await call('POST', `releases/${id}/submit`)
  const publish = () => call('POST', `releases/${id}/publish`)
  let published = await publish()
  if (!published.ok()) {
    // Two were needed.
    const page = await browser.newPage()
    await signIn(page)
    await settleAlone(page)
    await page.close()
    published = await publish()
  }
  expect(published.ok(), await published.text()).toBe(true)
  return key
}
