import type { AssentClient } from '../../../lib/client/client.ts'
import { languageName } from '../language-name.ts'
import type { StatementChoices } from './record-statement.tsx'

/** What a statement can be about now: live purposes, properties, and notices in force in each language. */
export async function statementChoices(
  api: Pick<AssentClient, 'purposes' | 'properties' | 'notices'>,
): Promise<StatementChoices> {
  const [{ purposes }, { properties }, { notices }] = await Promise.all([
    api.purposes(),
    api.properties(),
    api.notices(),
  ])
  return {
    purposes: purposes.filter(({ is_retired }) => !is_retired).map(({ key }) => ({ value: key, name: key })),
    properties: properties.map(({ key, name }) => ({ value: key, name })),
    notices: notices
      .filter(({ in_force_until, is_invalidated }) => in_force_until === null && !is_invalidated)
      .flatMap(({ key, version, texts }) =>
        Object.keys(texts).map((locale) => ({
          value: `${key} ${version} ${locale}`,
          name: `${key} ${version}, ${languageName(locale)}`,
        })),
      ),
  }
}
