import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { type ReactNode, Suspense } from 'react'
import { Breadcrumb } from '../../../../../../components/admin/breadcrumb.tsx'
import { Facts } from '../../../../../../components/admin/facts.tsx'
import { languageName } from '../../../../../../components/admin/language-name.ts'
import { orNotFound } from '../../../../../../components/admin/or-not-found.ts'
import { RoomTitle } from '../../../../../../components/admin/room-title.tsx'
import { LayoutsCompared } from '../../../../../../components/looks/layouts-compared.tsx'
import { LooksGallery } from '../../../../../../components/looks/looks-gallery.tsx'
import { LooksResults } from '../../../../../../components/looks/looks-results.tsx'
import { TakeLooksButton } from '../../../../../../components/looks/take-looks-button.tsx'
import { EditInRelease } from '../../../../../../components/releases/edit-in-release.tsx'
import { Card, CardBody, CardHeader } from '../../../../../../components/ui/card.tsx'
import { EmptyState } from '../../../../../../components/ui/empty-state.tsx'
import { Time } from '../../../../../../components/ui/time.tsx'
import { requireMember } from '../../../../../../lib/auth/require-member.ts'
import { AssentApiError, type AssentClient } from '../../../../../../lib/client/client.ts'
import type {
  ExperienceVersion,
  LayoutComparison,
  Look,
  LookInFull,
} from '../../../../../../lib/client/looks.ts'
import type { ExperienceDefinition } from '../../../../../../lib/domain/definitions.ts'

type Props = {
  readonly params: Promise<{ readonly key: string; readonly version: string }>
  readonly searchParams: Promise<{ readonly look?: string; readonly locale?: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { key, version } = await params
  return { title: `${decodeURIComponent(key)} ${version}` }
}

/** One version of an experience: the rules it was held to, what a browser measured of them, and how it looked. */
export default async function ExperienceVersionPage({ params, searchParams }: Props): Promise<ReactNode> {
  const { api, scopes } = await requireMember('config:read')
  const asked = await params
  const key = decodeURIComponent(asked.key)
  const version = Number(asked.version)
  if (!Number.isSafeInteger(version) || version < 1) notFound()
  const address = `/admin/experiences/${encodeURIComponent(key)}`
  const shown = await api
    .call<ExperienceVersion>('GET', `/v1/experiences/${encodeURIComponent(key)}/${version}`)
    .catch(orNotFound)
  const chosen = await searchParams
  const found = shown.looks.find(({ id }) => id === chosen.look) ?? shown.looks[0]
  const look = found === undefined ? undefined : await api.call<LookInFull>('GET', `/v1/looks/${found.id}`)
  const locale = look?.locales.find((each) => each === chosen.locale) ?? look?.locales[0] ?? ''
  const definition = shown.definition as ExperienceDefinition
  const mayTake = scopes.includes('config:write') && shown.sha256 !== null
  const isTaken = shown.looks.some(({ taken, expected, is_current }) => is_current && taken === expected)
  return (
    <>
      <Breadcrumb href="/admin/experiences">Experiences</Breadcrumb>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <RoomTitle title={`${key} ${version}`}>
          {shown.is_newest ? 'The newest' : 'An earlier one'} of {shown.versions.length}{' '}
          {shown.versions.length === 1 ? 'version' : 'versions'}. A published version never changes, nor do
          its pictures.
        </RoomTitle>
        {scopes.includes('config:write') ? <EditInRelease kind="experience" itemKey={key} /> : null}
      </div>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-6">
        <Card>
          <CardHeader title="What it is" />
          <CardBody>
            <Facts facts={factsOf(shown, definition, address)} />
          </CardBody>
        </Card>
        <Card>
          <CardHeader
            title="How it looks"
            description={
              look === undefined
                ? 'Not photographed yet: it was published without pictures.'
                : 'The banner’s own layers under its own rules, drawn by the browser of who took them.'
            }
            action={
              mayTake && !isTaken ? (
                <TakeLooksButton
                  definition={definition}
                  version={version}
                  label={look === undefined ? 'Take its pictures' : 'Take them again'}
                />
              ) : null
            }
          />
          {look === undefined ? (
            <EmptyState title="Not photographed yet">
              {shown.sha256 === null
                ? 'No notice that it shows is in force any more, so it cannot be drawn.'
                : 'Pictures show what people were shown on each screen, in each language, light and dark, with what was measured on them.'}
            </EmptyState>
          ) : (
            <CardBody className="grid gap-5">
              <Facts facts={lookFacts(look, shown.people)} />
              {shown.looks.length > 1 ? (
                <Links
                  label="Sets of pictures"
                  links={shown.looks.map((each) => ({
                    name: <Time at={each.taken_at} />,
                    key: each.id,
                    href: `${address}/${version}?look=${each.id}&locale=${locale}`,
                    isOpen: each.id === look.id,
                  }))}
                />
              ) : null}
              <Links
                label="Languages"
                links={look.locales.map((each) => ({
                  name: languageName(each),
                  key: each,
                  href: `${address}/${version}?look=${look.id}&locale=${each}`,
                  isOpen: each === locale,
                }))}
              />
              <LooksGallery
                look={look}
                locale={locale}
                asks={Object.fromEntries(shown.rules.map(({ rule, asks }) => [rule, asks]))}
              />
            </CardBody>
          )}
        </Card>
        {definition.comparedTo === undefined || !scopes.includes('audit:read') ? null : (
          <Card className="overflow-hidden">
            <CardHeader
              title={`Shown in turn with ${definition.comparedTo}`}
              description="By how many people knew what they had just answered, and how many later said the opposite. How many said yes is compared nowhere."
            />
            <Suspense fallback={<p className="px-5 pb-5 text-sm text-ink-soft">Counting…</p>}>
              <Comparison api={api} address={`/v1/experiences/${encodeURIComponent(key)}/${version}`} />
            </Suspense>
          </Card>
        )}
        <Card className="overflow-hidden">
          <CardHeader
            title="Rules of symmetry"
            description="Held to when it was published; measured over every picture of the set above."
          />
          <LooksResults rules={shown.rules} look={look} />
        </Card>
      </div>
    </>
  )
}

function factsOf(
  { versions, version, published_at, release }: ExperienceVersion,
  definition: ExperienceDefinition,
  address: string,
) {
  const others = versions.filter((each) => each !== version)
  return [
    { name: 'Property', value: definition.property },
    { name: 'Layout', value: definition.layout },
    { name: 'Notice', value: definition.notices.join(', ') },
    { name: 'Languages', value: Object.keys(definition.texts).map(languageName).join(', ') },
    {
      name: 'Published',
      value: (
        <>
          <Time at={published_at} />
          {release === null ? null : (
            <>
              , in{' '}
              <Link className="link" href={`/admin/releases/${release.id}`}>
                {release.title}
              </Link>
            </>
          )}
        </>
      ),
    },
    ...(others.length === 0
      ? []
      : [
          {
            name: 'Other versions',
            value: (
              <span className="flex flex-wrap gap-x-3">
                {others.map((each) => (
                  <Link key={each} className="link" href={`${address}/${each}`}>
                    {each}
                  </Link>
                ))}
              </span>
            ),
          },
        ]),
  ]
}

/** Comes after the rest: everybody who answered is counted. */
async function Comparison({
  api,
  address,
}: {
  readonly api: AssentClient
  readonly address: string
}): Promise<ReactNode> {
  try {
    const compared = await api.call<LayoutComparison>('GET', `${address}/comparison`)
    return <LayoutsCompared compared={compared} />
  } catch (error) {
    if (!(error instanceof AssentApiError)) throw error
    return <p className="px-5 pb-5 text-sm text-ink-soft">Not counted. {error.message}</p>
  }
}

function lookFacts(look: Look, people: ExperienceVersion['people']) {
  return [
    {
      name: 'Taken',
      value: (
        <>
          <Time at={look.taken_at} /> by {people[look.taken_by] ?? look.taken_by}, with the notice{' '}
          {look.notice.key} {look.notice.version}
          {look.is_current ? '' : ': what it shows has changed since'}
        </>
      ),
    },
    {
      name: 'Pictures',
      value:
        look.taken === look.expected
          ? `all ${look.expected}${look.broken === 0 ? ', and each keeps every rule' : `; ${look.broken} break a rule`}`
          : `${look.taken} of ${look.expected}: it was not finished`,
    },
    { name: 'Browser', value: look.user_agent },
    { name: 'SHA-256', value: <code className="font-mono text-xs">{look.sha256}</code> },
  ]
}

function Links({
  label,
  links,
}: {
  readonly label: string
  readonly links: readonly {
    readonly name: ReactNode
    readonly key: string
    readonly href: string
    readonly isOpen: boolean
  }[]
}): ReactNode {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-x-1 border-b text-sm">
      {links.map(({ name, key, href, isOpen }) => (
        <Link
          key={key}
          href={href}
          scroll={false}
          aria-current={isOpen ? 'true' : undefined}
          className={`-mb-px border-b-2 px-3 py-2 font-medium ${isOpen ? 'border-accent text-ink' : 'border-transparent text-ink-soft hover:text-ink'}`}
        >
          {name}
        </Link>
      ))}
    </nav>
  )
}
