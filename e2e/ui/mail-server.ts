import { expect } from '@playwright/test'
import { SMTPServer } from 'smtp-server'
import { smtpPort } from '../service.ts'

/** The mail server that the server under test was told of, and what came to it. */
export async function startMailServer() {
  const letters: { readonly to: readonly string[]; readonly text: string }[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
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
  await new Promise<void>((resolve) => smtp.listen(smtpPort, '127.0.0.1', resolve))
  return {
    /** The path of the link in the newest letter to an address, once it has come. */
    async linkTo(address: string): Promise<string> {
      const find = () => letters.findLast(({ to }) => to.includes(address))?.text ?? ''
      await expect.poll(find, { timeout: 30_000 }).not.toBe('')
      return /https?:\/\/[^/\s]+(\/\S+)/.exec(find())?.[1] ?? ''
    },
    letters,
    close: () => new Promise<void>((resolve) => smtp.close(() => resolve())),
  }
}
