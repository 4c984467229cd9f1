import { createTransport } from 'nodemailer'
import type { Mailer } from '../api/public/mailer.ts'

/** Sends through an SMTP server: `smtp://` (STARTTLS where it is offered) or `smtps://`, with who it is in the address. */
export function createSmtpMailer(options: {
  readonly url: string
  readonly from: string
}): Mailer & { close(): void } {
  const transport = createTransport(options.url, {
    ...{ from: options.from, disableFileAccess: true, disableUrlAccess: true },
  })
  return {
    async send({ to, subject, text }) {
      // One mailbox: an address with a comma in it is not two.
      await transport.sendMail({ to: { name: '', address: to }, subject, text })
    },
    close: () => transport.close(),
  }
}
