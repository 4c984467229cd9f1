import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(scrypt) as (
  password: string,
  salt: Uint8Array,
  length: number,
  options: { N: number; r: number; p: number; maxmem: number },
) => Promise<Buffer>

// RFC 7914; 32 MiB and about 50 ms a try.
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }
/** Checked where there is no member, so that a wrong address takes as long as a wrong password. */
let decoy: Promise<string> | undefined

/** `N$r$p$salt$hash`, the last two in base64. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const hash = await derive(password.normalize('NFC'), salt, 32, cost)
  return [cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$')
}

/** Whether `password` is the hashed one; takes the same time where `hashed` is null. */
export async function isPassword(password: string, hashed: string | null): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(16).toString('hex'))
  const [n, r, p, salt, hash] = (hashed ?? (await decoy)).split('$')
  const wanted = Buffer.from(hash ?? '', 'base64')
  const options = { N: Number(n), r: Number(r), p: Number(p), maxmem: cost.maxmem }
  const given = await derive(password.normalize('NFC'), Buffer.from(salt ?? '', 'base64'), 32, options)
  return given.length === wanted.length && timingSafeEqual(given, wanted) && hashed !== null
}
