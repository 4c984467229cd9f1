/** A letter in plain text. */
export type Mail = { readonly to: string; readonly subject: string; readonly text: string }

/** Sends mail, for an installation that has a server for it. Rejects where that server does not take the letter. */
export type Mailer = { send(mail: Mail): Promise<void> }
