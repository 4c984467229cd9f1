import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { createSmtpMailer } from '../../mail/smtp-mailer.ts'

export type Letter = { readonly to: readonly string[]; readonly text: string }
export type RunningMail = Awaited<ReturnType<typeof startMail>>

/**
 * A real mail server on a port of its own, what came to it, and the mailer that sends there. `refuses`: it takes no letter,
 * and says whose it was.
 */
export async function startMail({ refuses = false } = {}) {
  const letters: Letter[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: ({ address }, _session, done) =>
      done(refuses ? new Error(`550 no mailbox ${address}`) : undefined),
    onData(stream, session, done) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => parts.push(part))
      stream.on('end', () => {
        const text = Buffer.concat(parts).toString().replace(/=\r\n/g, '').replace(/=3D/g, '=')
        letters.push({ to: session.envelope.rcptTo.map(({ address }) => address), text })
        done()
      })
    },
  })
  await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve))
  const { port } = smtp.server.address() as AddressInfo
  const mailer = createSmtpMailer({
    url: `smtp://127.0.0.1:${port}`,
    from: 'Privacy <privacy@example.com>',
  })
  return {
    letters,
    mailer,
    async close(): Promise<void> {
      mailer.close()
      await new Promise<void>((resolve) => smtp.close(() => resolve()))
    },
  }
}
