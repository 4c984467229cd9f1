import { expect, test } from 'vitest'
import {
  EnvironmentError,
  readDecisionNodeEnv,
  readProviderEnv,
  readServerEnv,
  readWebEnv,
  readWorkerEnv,
} from './env.ts'

test('every variable has a default', () => {
  expect(readServerEnv({})).toMatchObject({
    port: 3000,
    publicUrl: 'http://localhost:3000',
    database: undefined,
    seed: 'demo',
    workers: 1,
  })
})

test('a server of one’s own is seeded with the starter configuration only', () => {
  expect(readServerEnv({ DATABASE_URL: 'postgresql://u:p@localhost/x' }).seed).toBe('starter')
})

test('mail is sent where there is a server and someone who it is from', () => {
  const [url, from] = ['smtps://name:password@mail.example.com', 'Privacy <privacy@example.com>']
  expect(readServerEnv({ ASSENT_SMTP_URL: url, ASSENT_MAIL_FROM: from }).mail).toEqual({ url, from })
  expect(readServerEnv({}).mail).toBeUndefined()
})

test('an empty variable counts as absent', () => {
  expect(readServerEnv({ PORT: '', DATABASE_URL: '' }).port).toBe(3000)
})

test.each([
  ['PORT', 'http'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['DATABASE_URL', 'postgresql://localhost'],
  ['ASSENT_PUBLIC_URL', 'consent.example.com'],
  ['ASSENT_PUBLIC_URL', 'https://example.com/path'],
  ['ASSENT_SECRET_KEY', 'short'],
  ['ASSENT_SECRET_KEY_FILE', '/does/not/exist'],
  ['ASSENT_SIGNING_KEY', 'short'],
  ['ASSENT_SIGNING_KEY_FILE', '/does/not/exist'],
  ['ASSENT_ADMIN_EMAIL', 'nobody'],
  ['ASSENT_ADMIN_PASSWORD', 'short'],
  ['ASSENT_BOOTSTRAP_KEY', 'secret'],
  ['ASSENT_OIDC_ISSUER', 'login.example.com'],
  ['ASSENT_OIDC_ISSUER', 'http://login.example.com'],
  ['ASSENT_OIDC_ISSUER', 'https://login.example.com/?tenant=1'],
  ['ASSENT_OIDC_CLIENT_SECRET_FILE', '/does/not/exist'],
  ['ASSENT_OIDC_NAME', 'x'.repeat(41)],
  ['ASSENT_SIGN_IN', 'none'],
  ['ASSENT_SMTP_URL', 'mail.example.com'],
  ['ASSENT_SMTP_URL', 'smtps://mail.example.com'],
  ['ASSENT_MAIL_FROM', 'Privacy'],
  ['ASSENT_SEED', 'everything'],
  ['ASSENT_LIMIT_STREAMS', '0'],
  ['ASSENT_WORKERS', '0'],
  ['ASSENT_WORKERS', '1.5'],
  ['ASSENT_WORKERS', 'all'],
  ['ASSENT_STALENESS_MS', '100'],
  ['ASSENT_STALENESS_MS', '2s'],
  ['ASSENT_AT_LEAST_WAIT_MS', '60000'],
  ['ASSENT_SAMPLE_RATE', '2'],
  ['ASSENT_SAMPLE_DAYS', '0'],
])('%s = %s is refused by name', (name, value) => {
  expect(() => readServerEnv({ [name]: value })).toThrow(new RegExp(`^${name} `))
})

test('all wrong variables are named at once', () => {
  try {
    readServerEnv({ PORT: 'x', ASSENT_SEED: 'y' })
    expect.unreachable()
  } catch (error) {
    expect(error).toBeInstanceOf(EnvironmentError)
    expect((error as Error).message.split('\n')).toHaveLength(2)
  }
})

test('two sources of the root key are one too many', () => {
  expect(() =>
    readServerEnv({ ASSENT_SECRET_KEY: 'A'.repeat(43), ASSENT_SECRET_KEY_FILE: '/dev/null' }),
  ).toThrow('ASSENT_SECRET_KEY and ASSENT_SECRET_KEY_FILE are both set')
})

test('the web process does not start without its credential', () => {
  expect(() => readWebEnv({})).toThrow('ASSENT_INTERNAL_TOKEN')
})

test('a worker’s environment holds no secret and no address', () => {
  const source = { NODE_OPTIONS: '--trace-warnings', ASSENT_SECRET_KEY: 'x', DATABASE_URL: 'y', PATH: '/bin' }
  expect(readWorkerEnv(source)).toEqual({ NODE_OPTIONS: '--trace-warnings' })
})

const secret = 'A'.repeat(43)
const followed = {
  ASSENT_FOLLOW_URL: 'https://consent.example.com',
  ASSENT_FOLLOW_KEY: `ask_${secret}`,
  ASSENT_SECRET_KEY: secret,
}

test('a node that only decides follows a database or another node', () => {
  expect(readDecisionNodeEnv(followed).follows).toEqual({
    url: 'https://consent.example.com',
    key: `ask_${secret}`,
  })
  const database = { DATABASE_URL: 'postgresql://u:p@localhost/x', ASSENT_SECRET_KEY: secret }
  expect(readDecisionNodeEnv(database).follows).toMatchObject({ database: { host: 'localhost' } })
})

test.each([
  ['ASSENT_FOLLOW_URL', { ASSENT_SECRET_KEY: secret }],
  ['ASSENT_FOLLOW_URL', { ...followed, DATABASE_URL: 'postgresql://u:p@localhost/x' }],
  ['ASSENT_FOLLOW_URL', { ...followed, ASSENT_FOLLOW_URL: 'https://example.com/path' }],
  ['ASSENT_FOLLOW_KEY', { ...followed, ASSENT_FOLLOW_KEY: '' }],
  ['ASSENT_FOLLOW_KEY', { ...followed, ASSENT_FOLLOW_KEY: 'secret' }],
  // A key of its own making would find nobody.
  ['ASSENT_SECRET_KEY', { ...followed, ASSENT_SECRET_KEY: '' }],
  ['ASSENT_SECRET_KEY', { ...followed, ASSENT_SECRET_KEY_FILE: '/dev/null' }],
  ['ASSENT_STALENESS_MS', { ...followed, ASSENT_STALENESS_MS: '0' }],
  ['ASSENT_WORKERS', { ...followed, ASSENT_WORKERS: '2' }],
])('a node that only decides names %s where it is wrong: %o', (name, source) => {
  expect(() => readDecisionNodeEnv(source)).toThrow(new RegExp(`^${name} `, 'm'))
})

const aProvider = {
  ASSENT_OIDC_ISSUER: 'https://login.example.com',
  ASSENT_OIDC_CLIENT_ID: 'assent',
  ASSENT_OIDC_CLIENT_SECRET: 'secret',
}

test('a provider is configured whole or not at all, and passwords go only where there is one', () => {
  expect(readServerEnv({}).signIn).toEqual({ hasPasswords: true, provider: undefined })
  expect(readServerEnv(aProvider).signIn).toEqual({
    hasPasswords: true,
    provider: {
      ...{ issuer: 'https://login.example.com', clientId: 'assent', clientSecret: 'secret' },
      name: 'single sign-on',
    },
  })
  expect(readServerEnv({ ...aProvider, ASSENT_SIGN_IN: 'oidc' }).signIn.hasPasswords).toBe(false)
  expect(readServerEnv({ ...aProvider, ASSENT_SIGN_IN: 'password' }).signIn.provider).toBeUndefined()
  for (const name of Object.keys(aProvider)) {
    expect(() => readServerEnv({ ...aProvider, [name]: '' })).toThrow(`${name} is missing`)
  }
  expect(() => readServerEnv({ ASSENT_SIGN_IN: 'oidc' })).toThrow('ASSENT_OIDC_ISSUER is missing')
  expect(() => readServerEnv({ ...aProvider, ASSENT_OIDC_CLIENT_SECRET_FILE: 'package.json' })).toThrow(
    'are both set',
  )
})

test('the web process is told of the provider, and reads the same from it', () => {
  const { signIn } = readServerEnv({ ...aProvider, ASSENT_OIDC_NAME: 'Login', ASSENT_SIGN_IN: 'oidc' })
  const given = readProviderEnv(signIn, { NODE_EXTRA_CA_CERTS: '/ca.pem', DATABASE_URL: 'secret' })
  expect(given).toMatchObject({ NODE_EXTRA_CA_CERTS: '/ca.pem', ASSENT_OIDC_CLIENT_SECRET: 'secret' })
  expect(given).not.toHaveProperty('DATABASE_URL')
  const web = readWebEnv({
    ...{
      ASSENT_WEB_SOCKET: '/s',
      ASSENT_API_URL: 'http://127.0.0.1:1',
      ASSENT_PUBLIC_URL: 'http://localhost',
    },
    ...{ ASSENT_INTERNAL_TOKEN: 'i'.repeat(43), NEXTAUTH_SECRET: 'n'.repeat(43), ...given },
  })
  expect(web.signIn).toEqual(signIn)
})
