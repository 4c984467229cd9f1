import type { Page } from '@playwright/test'
import { admin } from '../service.ts'

/** Signs in as the first member. Does not wait for what comes of it. */
export async function fillSignIn(page: Page, password = admin.password): Promise<void> {
  await page.goto('/admin/sign-in')
  await page.getByLabel('E-mail').fill(admin.email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Signs in as the first member, and is in. */
export async function signIn(page: Page): Promise<void> {
  await fillSignIn(page)
  await page.waitForURL(({ pathname }) => pathname.startsWith('/admin') && !pathname.endsWith('/sign-in'))
}
