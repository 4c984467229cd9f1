import type { DeviceConsents, TokenOfDevice } from './device-consents.ts'

type Sender = Pick<DeviceConsents, 'send' | 'sendAsDevice' | 'speakFor' | 'keepToken'>

/** The host's word, a JWT, for who its user is: from here on what is asked and said is hers. */
export async function identify(device: Sender, assertion: string): Promise<void> {
  const { token } = await device.sendAsDevice<{ token: string }>('/identities', { assertion })
  device.speakFor(token)
}

/** The user leaves the device. */
export async function signOut(device: Sender): Promise<void> {
  try {
    await device.send('/sign-out', {})
  } finally {
    device.speakFor(undefined)
  }
}

/** A code by which the preference page speaks for whom this page speaks; undefined before any choice. */
export async function handOver(device: Sender): Promise<string | undefined> {
  return (await device.send<{ code: string }>('/hand-overs', {}))?.code
}

let renewing: Promise<void> | undefined

/** Changes the device's token, before it runs out, for one that begins anew; once a page. */
export function renew(device: Sender): Promise<void> {
  renewing ??= device.sendAsDevice<TokenOfDevice>('/tokens/renewals', {}).then(device.keepToken)
  return renewing
}
