import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { Breadcrumb } from '../../../../../components/admin/breadcrumb.tsx'
import { orNotFound } from '../../../../../components/admin/or-not-found.ts'
import { purposeName } from '../../../../../components/admin/purpose-name.ts'
import { NoticesNaming } from '../../../../../components/admin/purposes/notices-naming.tsx'
import { PurposeFacts } from '../../../../../components/admin/purposes/purpose-facts.tsx'
import { isAiTraining, PurposeFlags } from '../../../../../components/admin/purposes/purpose-flags.tsx'
import { PurposeVersions } from '../../../../../components/admin/purposes/purpose-versions.tsx'
import { RulesOfPurpose } from '../../../../../components/admin/purposes/rules-of-purpose.tsx'
import { RoomTitle } from '../../../../../components/admin/room-title.tsx'
import { EditInRelease } from '../../../../../components/releases/edit-in-release.tsx'
import { ButtonLink } from '../../../../../components/ui/button.tsx'
import { Card, CardBody, CardHeader } from '../../../../../components/ui/card.tsx'
import { requireMember } from '../../../../../lib/auth/require-member.ts'
import { releasesOf } from '../../../../../lib/client/releases.ts'

type Props = { readonly params: Promise<{ readonly key: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `${decodeURIComponent((await params).key)}: purpose` }
}

/** One purpose: what it uses and who gets it, what each regime says of it, and which notices name it. */
export default async function PurposePage({ params }: Props): Promise<ReactNode> {
  const { api, scopes } = await requireMember('config:read')
  const key = decodeURIComponent((await params).key)
  const [{ purposes }, { regimes }, { notices }, versions] = await Promise.all([
    api.purposes(),
    api.regimes(),
    api.notices(),
    releasesOf(api).purpose(key).catch(orNotFound),
  ])
  const purpose = purposes.find((each) => each.key === key) ?? notFound()
  const parent = purposes.find((each) => each.children.includes(key))
  const parts = purposes.filter((each) => purpose.children.includes(each.key))
  return (
    <>
      <Breadcrumb
        href={parent === undefined ? '/admin/purposes' : `/admin/purposes/${encodeURIComponent(parent.key)}`}
      >
        {parent === undefined ? 'Purposes' : purposeName(parent)}
      </Breadcrumb>
      <div className="flex flex-wrap items-start justify-between gap-x-6">
        <RoomTitle title={purposeName(purpose)}>
          <span className="font-mono">{purpose.key}</span>, version {purpose.version}
          {purpose.material_version < purpose.version
            ? `; a yes to version ${purpose.material_version} still holds`
            : ''}{' '}
          <PurposeFlags purpose={purpose} />
        </RoomTitle>
        <div className="mb-6 flex flex-wrap gap-2">
          {scopes.includes('config:write') ? <EditInRelease kind="purpose" itemKey={key} /> : null}
          <ButtonLink variant="outline" href={`/admin/simulator?purpose=${encodeURIComponent(key)}`}>
            Try it on a person
          </ButtonLink>
        </div>
      </div>
      <div className="grid gap-6">
        {isAiTraining(key) ? <AiTrainingRule /> : null}
        <Card>
          <CardHeader title="What it is" />
          <CardBody>
            <PurposeFacts purpose={purpose} parts={parts} />
          </CardBody>
        </Card>
        <Card className="overflow-hidden">
          <CardHeader
            title="What each regime says"
            description="Where several apply, the strictest counts."
          />
          <RulesOfPurpose purpose={purpose} regimes={regimes} />
        </Card>
        <Card className="overflow-hidden">
          <CardHeader title="Notices that name it" description="A yes reaches what its notice names." />
          <NoticesNaming purpose={key} materialVersion={purpose.material_version} notices={notices} />
        </Card>
        <Card className="overflow-hidden">
          <CardHeader title="Versions" description="A published version never changes." />
          <PurposeVersions purpose={versions} />
        </Card>
      </div>
    </>
  )
}

function AiTrainingRule(): ReactNode {
  return (
    <Card className="bg-accent-soft">
      <CardHeader title="Asked on its own, always" />
      <CardBody className="text-sm">
        AI training is never essential, never part of another question and never on before someone chose: it
        rests on consent alone, in every regime. This is Assent’s own rule, stricter than some laws. What a
        model has learned cannot simply be taken out again, so a yes must be sure to mean this and nothing
        else.
      </CardBody>
    </Card>
  )
}
