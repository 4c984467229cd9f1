import type { ReactNode } from 'react'
import type { HistoryEntry, NoticeShown, OwnHistory, ShownWords } from '../../lib/web/own-record.ts'
import type { Word, Words } from '../../lib/words/create-words.ts'
import { directionOf } from '../../lib/words/negotiate.ts'

const said: Readonly<Record<HistoryEntry['what'], Word>> = {
  granted: 'historyGranted',
  refused: 'historyRefused',
  withdrawn: 'historyWithdrawn',
  gpc: 'historyGpc',
  expired: 'historyExpired',
}

/** What she chose, newest first, each with the words she was shown. */
export function History({
  of,
  words,
}: {
  readonly of: OwnHistory | undefined
  readonly words: Words
}): ReactNode {
  const { say } = words
  const entries = of?.history ?? []
  return (
    <section className="mt-12" aria-labelledby="history">
      <h2 id="history" className="text-lg font-semibold">
        {say('history')}
      </h2>
      {entries.length === 0 ? (
        <p className="mt-1 text-sm text-ink-soft">{say('historyEmpty')}</p>
      ) : (
        <ol className="mt-3 border-s ps-5">
          {entries.map((entry) => (
            <li key={entry.seq} className="relative pb-5 last:pb-0" data-what={entry.what}>
              <span
                aria-hidden="true"
                className="absolute -start-[1.5625rem] top-1.5 size-2 rounded-full bg-edge outline-4 outline-canvas"
              />
              <p className="text-sm">
                {say(said[entry.what], { name: words.list(entry.purposes.map(({ name }) => name)) })}
              </p>
              <p className="text-xs text-ink-soft">
                <time dateTime={entry.at}>{words.moment(entry.at)}</time>
              </p>
              <Shown words={words} of={wordsFor(of, entry.notice)} />
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}

/** The published words that an entry refers to. */
export function wordsFor(of: OwnHistory | undefined, notice: NoticeShown | null): ShownWords | undefined {
  if (notice === null) return undefined
  const { key, version, locale } = notice
  return of?.words.find((each) => each.key === key && each.version === version && each.locale === locale)
}

function Shown({ of, words }: { readonly of: ShownWords | undefined; readonly words: Words }): ReactNode {
  if (of === undefined) return null
  const { title, body, withdrawal, rights, controller, contact } = of.text
  return (
    <details className="mt-1 text-sm">
      <summary className="w-fit cursor-pointer py-1 text-xs text-ink-soft underline underline-offset-2 hover:text-ink">
        {words.say('historyShown')}
      </summary>
      <div
        lang={of.locale}
        dir={directionOf(of.locale)}
        className="mt-2 grid gap-2 rounded-card bg-sunken px-4 py-3 text-ink-soft"
      >
        <p className="font-medium text-ink">{title}</p>
        {[...body, withdrawal, rights].map((text) => (
          <p key={text}>{text}</p>
        ))}
        <p>
          {controller}, {contact}
        </p>
        <p className="font-mono text-xs">
          {of.key} {of.version} ({of.locale})
        </p>
      </div>
    </details>
  )
}
