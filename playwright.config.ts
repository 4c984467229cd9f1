import { existsSync } from 'node:fs'
import { defineConfig } from '@playwright/test'

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
const isRoot = process.getuid?.() === 0

/** Run by `npm test`, which starts the server and names it in ASSENT_E2E_URL. */
export default defineConfig({
  testDir: 'e2e',
  workers: 1,
  timeout: 60_000,
  // A page may be made while others keep both cores.
  expect: { timeout: 15_000 },
  forbidOnly: true,
  // A test that needs its second try is reported as flaky.
  retries: 1,
  outputDir: 'test-results',
  use: {
    baseURL: process.env.ASSENT_E2E_URL ?? 'http://localhost:3000',
    trace: 'on-first-retry',
    launchOptions: {
      ...(chromium === undefined ? {} : { executablePath: chromium }),
      args: [
        ...(isRoot ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'api', testDir: 'e2e/api' },
    { name: 'ui', testDir: 'e2e/ui' },
    { name: 'screens', testDir: 'e2e/screens' },
  ],
})
