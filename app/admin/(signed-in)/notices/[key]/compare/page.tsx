import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../../components/admin/breadcrumb.tsx'
import { compareFacts, compareTexts } from '../../../../../../components/admin/compare-notices.ts'
import { FactDifferences } from '../../../../../../components/admin/fact-differences.tsx'
import { languageName } from '../../../../../../components/admin/language-name.ts'
import { NoticeState } from '../../../../../../components/admin/notice-state.tsx'
import { RoomTitle } from '../../../../../../components/admin/room-title.tsx'
import { TextDifferences } from '../../../../../../components/admin/text-differences.tsx'
import { VersionPicker } from '../../../../../../components/admin/version-picker.tsx'
import { Card, CardHeader } from '../../../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../../../components/ui/empty-state.tsx'
import { Time } from '../../../../../../components/ui/time.tsx'
import { requireMember } from '../../../../../../lib/auth/require-member.ts'
import type { NoticeListed } from '../../../../../../lib/client/client.ts'

type Props = {
  readonly params: Promise<{ readonly key: string }>
  readonly searchParams: Promise<{ readonly from?: string; readonly to?: string; readonly locale?: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).key)}: what differs` }
}

const listed = new Intl.ListFormat('en-GB', { type: 'conjunction' })

/** What differs between two versions of a notice: where it reaches, what it names, and every word. */
export default async function ComparePage({ params, searchParams }: Props): Promise<ReactNode> {
  const { api } = await requireMember()
  const key = decodeURIComponent((await params).key)
  const asked = await searchParams
  const all = (await api.notices()).notices.filter((notice) => notice.key === key)
  const versions = all.map(({ version }) => version)
  const last = all.length
  const find = (text: string | undefined, otherwise: number) =>
    all.find(({ version }) => version === (text === undefined ? otherwise : Number(text))) ?? notFound()
  const to = find(asked.to, last)
  const from = find(asked.from, Math.max(last - 1, 1))
  const locales = [...new Set([...Object.keys(from.texts), ...Object.keys(to.texts)])]
  const locale = locales.find((tag) => tag === asked.locale) ?? locales[0] ?? 'en'
  const path = `/admin/notices/${encodeURIComponent(key)}/compare`
  const names = [`${key} ${from.version}`, `${key} ${to.version}`] as const
  const facts = compareFacts(from, to)
  const texts = compareTexts(from.texts[locale], to.texts[locale], locale)
  const differing = [...facts, ...texts]
    .filter(({ differs }) => differs)
    .map(({ name }) => name.toLowerCase())
  const elsewhere = locales.filter((tag) => tag !== locale && differsIn(from, to, tag))
  return (
    <>
      <Breadcrumb href={`/admin/notices/${encodeURIComponent(key)}/${to.version}`}>{names[1]}</Breadcrumb>
      <RoomTitle title={`${key}: what differs`}>
        {from.version === to.version
          ? `Version ${from.version} and itself: choose another to compare with.`
          : differing.length === 0
            ? `Nothing differs between version ${from.version} and version ${to.version}, in ${languageName(locale)}.`
            : `Version ${to.version} differs from version ${from.version} in ${listed.format(differing)}.`}
        {elsewhere.length === 0 ? '' : ` Words differ in ${elsewhere.map(languageName).join(', ')} too.`}
      </RoomTitle>
      <VersionPicker {...{ path, versions, locale, from: from.version, to: to.version }} />
      <div className="grid gap-6">
        <Card className="overflow-hidden">
          <CardHeader title="What they cover" />
          <FactDifferences rows={facts} names={names} />
          <div className="grid gap-x-6 gap-y-2 border-t px-5 py-4 text-sm sm:grid-cols-2">
            {[from, to].map((notice, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two sides, which may show the same version
              <Validity key={index} notice={notice} />
            ))}
          </div>
        </Card>
        <Card className="overflow-hidden">
          <CardHeader
            title="The words"
            action={
              <Languages
                locales={locales}
                locale={locale}
                hrefOf={(tag) =>
                  `${path}?from=${from.version}&to=${to.version}&locale=${encodeURIComponent(tag)}`
                }
              />
            }
          />
          {[from, to].map((notice) =>
            notice.texts[locale] === undefined ? (
              <p key={notice.version} className="px-5 pb-4 text-sm text-ink-soft">
                Version {notice.version} has no text in {languageName(locale)}.
              </p>
            ) : null,
          )}
          {texts.some(({ differs }) => differs) ? (
            <TextDifferences rows={texts} locale={locale} names={names} />
          ) : (
            <EmptyState title="Every word is the same">
              In {languageName(locale)}, people read exactly the same text under both versions.
            </EmptyState>
          )}
        </Card>
      </div>
    </>
  )
}

function Validity({ notice }: { readonly notice: NoticeListed }): ReactNode {
  return (
    <p>
      <Link
        className="link font-medium"
        href={`/admin/notices/${encodeURIComponent(notice.key)}/${notice.version}`}
      >
        {notice.key} {notice.version}
      </Link>{' '}
      <NoticeState notice={notice} />
      <br />
      <span className="text-ink-soft">
        from <Time at={notice.published_at} />{' '}
        {notice.in_force_until === null ? (
          notice.is_invalidated ? (
            'until it was struck'
          ) : (
            'until now'
          )
        ) : (
          <>
            until <Time at={notice.in_force_until} />
          </>
        )}
      </span>
    </p>
  )
}

function Languages({
  locales,
  locale,
  hrefOf,
}: {
  readonly locales: readonly string[]
  readonly locale: string
  readonly hrefOf: (tag: string) => string
}): ReactNode {
  return (
    <nav aria-label="Language" className="flex flex-wrap gap-1">
      {locales.map((tag) => (
        <Link
          key={tag}
          href={hrefOf(tag)}
          scroll={false}
          aria-current={tag === locale ? 'true' : undefined}
          className="rounded-control px-3 py-1 text-sm text-ink-soft hover:bg-sunken hover:text-ink aria-[current=true]:bg-sunken aria-[current=true]:font-medium aria-[current=true]:text-ink"
        >
          {languageName(tag)}
        </Link>
      ))}
    </nav>
  )
}

function differsIn(from: NoticeListed, to: NoticeListed, locale: string): boolean {
  return compareTexts(from.texts[locale], to.texts[locale], locale).some(({ differs }) => differs)
}
