import type { DeviceMade } from '../../lib/web/own-record.ts'

/**
 * The device's token, made and kept under `name` where it has none, as the banner keeps it: one tab at a time, so that two do
 * not make two devices of one. Throws where the browser refuses to store it: nobody could take back what is said with it.
 */
export async function beginDevice(name: string, make: () => Promise<DeviceMade>): Promise<string> {
  const begin = async (): Promise<string> => {
    const kept = JSON.parse(localStorage.getItem(name) ?? '{}') as { readonly token?: string }
    if (kept.token !== undefined) return kept.token
    const made = await make()
    localStorage.setItem(name, JSON.stringify({ ...kept, ...made }))
    return made.token
  }
  return navigator.locks === undefined ? begin() : navigator.locks.request(name, begin)
}
