import type { DeviceConsents } from './device-consents.ts'

type Sender = Pick<DeviceConsents, 'send' | 'sendAsDevice' | 'speakFor'>

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
